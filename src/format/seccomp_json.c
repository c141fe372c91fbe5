/*
 * seccomp_json.c - reads OCI and docker seccomp profiles.
 *
 * Keeps the rules whose includes and excludes hold for the given facts and
 * drops the others. Does not know a single system call: names are checked for
 * their letters only.
 */
#include "format/seccomp_json.h"

#include <stdlib.h>
#include <string.h>
#include <json-c/json.h>
#include "base/alloc.h"
#include "base/defaults.h"
#include "base/json.h"
#include "base/num.h"
#include "base/strv.h"
#include "format/seccomp_words.h"

#define RULES_MAX    4096
#define NAMES_MAX    65536 /* names of calls in a profile, all rules together */
#define NAME_MAX_LEN 64
#define TESTS_MAX    32	  /* tests of one rule */
#define ERRNO_MAX    4095 /* what the kernel returns at most */
#define EPERM_NUMBER 1	  /* the spec's default for errnoRet */

static const char *const top_members[] = {
	"defaultAction", "defaultErrnoRet",
	"defaultErrno",	 "architectures",
	"archMap",	 "flags",
	"listenerPath",	 "listenerMetadata",
	"syscalls",	 NULL,
};
static const char *const rule_members[] = {
	"names",   "name",     "action",   "errnoRet",	"errno", "args",
	"comment", "includes", "excludes", "otherwise", NULL,
};
static const char *const arg_members[] = { "index", "value", "valueTwo", "op",
					   NULL };
static const char *const filter_members[] = { "caps", "arches", "minKernel",
					      NULL };
static const char *const archmap_members[] = { "architecture",
					       "subArchitectures", NULL };

/* The SCMP_ARCH_* that a machine's own calls belong to. */
static const struct {
	const char *machine, *arch;
} natives[] = {
	{ "amd64", "SCMP_ARCH_X86_64" },
	{ "arm64", "SCMP_ARCH_AARCH64" },
};

static const char *native_of(const char *machine)
{
	for (size_t i = 0; i < ARRAY_SIZE(natives); i++)
		if (!strcmp(natives[i].machine, machine))
			return natives[i].arch;
	return NULL;
}

static bool has(const char *const *list, const char *s)
{
	for (; *list; list++)
		if (!strcmp(*list, s))
			return true;
	return false;
}

static int check_members(struct json_object *o, const char *const *known,
			 struct err *e)
{
	size_t n = 0;

	if (!json_object_is_type(o, json_type_object))
		return err_set(e, ERR_INPUT, "expected an object");
	while (known[n])
		n++;
	json_object_object_foreach(o, key, value)
	{
		const char *near;

		(void)value;
		if (has(known, key))
			continue;
		near = word_nearest(key, known, n);
		return err_set(e, ERR_INPUT, "unknown member \"%s\"%s%s%s", key,
			       near ? "; did you mean \"" : "",
			       near ? near : "", near ? "\"?" : "");
	}
	return 0;
}

/* A number of 0…max; *ret stays as it is when there is none. */
static int get_number(struct json_object *o, const char *key, int64_t max,
		      int64_t *ret, struct err *e)
{
	struct json_object *member;
	int64_t v;

	if (!json_object_object_get_ex(o, key, &member) || !member)
		return 0;
	if (json_get_i64(o, key, 0, &v, e) < 0)
		return -1;
	if (v < 0 || v > max)
		return err_set(e, ERR_INPUT, "%s: %lld is not in 0…%lld", key,
			       (long long)v, (long long)max);
	*ret = v;
	return 0;
}

/* One of 64 bits; *ret stays as it is when there is none. */
static int get_value(struct json_object *o, const char *key, uint64_t *ret,
		     bool *ret_there, struct err *e)
{
	struct json_object *member;

	*ret_there = json_object_object_get_ex(o, key, &member) && member;
	return *ret_there ? json_get_u64(o, key, 0, ret, e) : 0;
}

static int get_word(struct json_object *o, const char *key,
		    const struct word *table, uint64_t *ret, struct err *e)
{
	const char *s;

	if (json_get_str(o, key, &s, e) < 0)
		return -1;
	if (!s)
		return err_set(e, ERR_INPUT, "%s is missing", key);
	return seccomp_words_find(table, key, s, ret, e);
}

/* errnoRet and podman's twin of it by name, which must agree. -1 in *ret:
 * neither is there. */
static int get_errno(struct json_object *o, const char *number,
		     const char *word, int64_t *ret, struct err *e)
{
	uint64_t named;
	const char *s;
	int64_t v = -1;

	if (get_number(o, number, ERRNO_MAX, &v, e) < 0 ||
	    json_get_str(o, word, &s, e) < 0)
		return -1;
	if (s && *s) {
		if (seccomp_words_find(seccomp_words_errno, word, s, &named,
				       e) < 0)
			return -1;
		if (v >= 0 && (uint64_t)v != named)
			return err_set(e, ERR_INPUT, "%s %lld and %s %s differ",
				       number, (long long)v, word, s);
		v = (int64_t)named;
	}
	*ret = v;
	return 0;
}

/* What an action's errno is: the number given, or the spec's EPERM. */
static int settle_errno(enum seccomp_act act, int64_t given, uint32_t *ret,
			struct err *e)
{
	if (act == SECCOMP_ACT_ERRNO || act == SECCOMP_ACT_TRACE) {
		*ret = given < 0 ? EPERM_NUMBER : (uint32_t)given;
		return 0;
	}
	*ret = 0;
	if (given > 0)
		return err_set(e, ERR_INPUT,
			       "errnoRet: %lld: only SCMP_ACT_ERRNO and "
			       "SCMP_ACT_TRACE take one",
			       (long long)given);
	return 0;
}

/* ---- includes and excludes ---- */

static bool kernel_at_least(const struct seccomp_facts *f, unsigned major,
			    unsigned minor)
{
	if (f->kernel_major != major)
		return f->kernel_major > major;
	return f->kernel_minor >= minor;
}

struct filter { /* what an includes or excludes object says of the facts */
	bool caps_all; /* every named capability is there (or none named) */
	bool caps_any; /* at least one named capability is there */
	bool has_arches, arch;
	bool has_kernel, kernel;
};

static int read_filter_caps(struct json_object *o,
			    const struct seccomp_facts *facts, struct filter *f,
			    struct err *e)
{
	AUTO(strv_free) char **caps = NULL;
	uint64_t bit;

	if (json_get_strv(o, "caps", &caps, e) < 0)
		return -1;
	strv_foreach (c, caps) {
		if (seccomp_words_find(cap_words, "capability", *c, &bit, e) <
		    0)
			return -1;
		if (facts->caps & (1ull << bit))
			f->caps_any = true;
		else
			f->caps_all = false;
	}
	return 0;
}

static int read_filter_kernel(struct json_object *o,
			      const struct seccomp_facts *facts,
			      struct filter *f, struct err *e)
{
	AUTO(strv_free) char **parts = NULL;
	uint32_t major, minor;
	const char *s;

	if (json_get_str(o, "minKernel", &s, e) < 0)
		return -1;
	if (!s || !*s)
		return 0;
	parts = strv_split(s, '.');
	if (strv_len(parts) != 2 ||
	    num_u32(parts[0], "minKernel", &major, NULL) < 0 ||
	    num_u32(parts[1], "minKernel", &minor, NULL) < 0)
		return err_set(e, ERR_INPUT,
			       "minKernel: \"%s\" is not MAJOR.MINOR", s);
	f->has_kernel = true;
	f->kernel = kernel_at_least(facts, major, minor);
	return 0;
}

static int read_filter(struct json_object *rule, const char *key,
		       const struct seccomp_facts *facts, struct filter *ret,
		       struct err *e)
{
	AUTO(strv_free) char **arches = NULL;
	struct filter f = { .caps_all = true };
	struct json_object *o;
	uint64_t ignored;

	if (json_get_obj(rule, key, &o, e) < 0)
		return -1;
	if (o) {
		if (check_members(o, filter_members, e) < 0 ||
		    read_filter_caps(o, facts, &f, e) < 0 ||
		    read_filter_kernel(o, facts, &f, e) < 0 ||
		    json_get_strv(o, "arches", &arches, e) < 0)
			return err_prefix(e, "%s", key);
		strv_foreach (a, arches)
			if (seccomp_words_find(seccomp_words_machine,
					       "architecture", *a, &ignored,
					       e) < 0)
				return err_prefix(e, "%s", key);
		f.has_arches = strv_len(arches) > 0;
		f.arch = strv_has(arches, facts->arch);
	}
	*ret = f;
	return 0;
}

/* As docker: every named capability for includes, any for excludes. */
static int rule_applies(struct json_object *rule,
			const struct seccomp_facts *facts, bool *ret,
			struct err *e)
{
	struct filter in, ex;

	if (read_filter(rule, "includes", facts, &in, e) < 0 ||
	    read_filter(rule, "excludes", facts, &ex, e) < 0)
		return -1;
	*ret = in.caps_all && (!in.has_arches || in.arch) &&
	       (!in.has_kernel || in.kernel) && !ex.caps_any &&
	       !(ex.has_arches && ex.arch) && !(ex.has_kernel && ex.kernel);
	return 0;
}

/* ---- rules ---- */

static int read_arg(struct json_object *o, struct seccomp_arg *ret,
		    struct err *e)
{
	uint64_t value = 0, value2 = 0, op;
	bool has_value, has_second;
	int64_t index = -1;

	if (check_members(o, arg_members, e) < 0 ||
	    get_number(o, "index", 5, &index, e) < 0 ||
	    get_value(o, "value", &value, &has_value, e) < 0 ||
	    get_value(o, "valueTwo", &value2, &has_second, e) < 0 ||
	    get_word(o, "op", seccomp_words_op, &op, e) < 0)
		return -1;
	if (index < 0 || !has_value)
		return err_set(e, ERR_INPUT, "%s is missing",
			       index < 0 ? "index" : "value");
	if (op != CMP_MASKED_EQ && value2)
		return err_set(e, ERR_INPUT,
			       "valueTwo: only SCMP_CMP_MASKED_EQ takes one");
	ret->index = (unsigned)index;
	ret->op = (enum seccomp_cmp)op;
	ret->value = value;
	ret->value2 = value2;
	return 0;
}

static int read_args(struct json_object *o, struct seccomp_rule *r,
		     struct err *e)
{
	struct json_object *a;
	size_t n;

	if (json_get_array(o, "args", &a, &n, e) < 0)
		return -1;
	if (n > TESTS_MAX)
		return err_set(e, ERR_LIMIT, "args: more than %d tests",
			       TESTS_MAX);
	for (size_t i = 0; i < n; i++) {
		struct seccomp_arg *arg = GROW(r->args, r->n_args);

		r->n_args++;
		if (read_arg(json_at(a, i), arg, e) < 0)
			return err_prefix(e, "args[%zu]", i);
	}
	return 0;
}

static bool is_call_name(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz"
			     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	return n > 0 && n <= NAME_MAX_LEN && !s[n];
}

static int read_names(struct json_object *o, struct seccomp_rule *r,
		      struct err *e)
{
	const char *name;

	if (json_get_strv(o, "names", &r->names, e) < 0 ||
	    json_get_str(o, "name", &name, e) < 0)
		return -1;
	if (name && *name) {
		if (strv_len(r->names))
			return err_set(e, ERR_INPUT,
				       "both name and names are given");
		strv_add(&r->names, name);
	}
	if (!strv_len(r->names))
		return err_set(e, ERR_INPUT, "names is missing or empty");
	strv_foreach (s, r->names)
		if (!is_call_name(*s))
			return err_set(e, ERR_INPUT,
				       "names: \"%s\" is no name of a call",
				       *s);
	return 0;
}

static int read_rule(struct json_object *o, struct seccomp_rule *r,
		     struct err *e)
{
	const char *comment;
	int64_t errnum;
	uint64_t act;

	if (json_get_str(o, "comment", &comment, e) < 0 ||
	    read_names(o, r, e) < 0 ||
	    get_word(o, "action", seccomp_words_action, &act, e) < 0 ||
	    get_errno(o, "errnoRet", "errno", &errnum, e) < 0 ||
	    settle_errno((enum seccomp_act)act, errnum, &r->err, e) < 0 ||
	    json_get_bool(o, "otherwise", false, &r->otherwise, e) < 0 ||
	    read_args(o, r, e) < 0)
		return -1;
	r->act = (enum seccomp_act)act;
	if (r->otherwise && r->n_args)
		return err_set(e, ERR_INPUT,
			       "otherwise: such a rule takes no args");
	return 0;
}

static void rule_done(struct seccomp_rule *r)
{
	strv_free(r->names);
	free(r->args);
	memset(r, 0, sizeof(*r));
}

static int read_rules(struct json_object *o, const struct seccomp_facts *facts,
		      struct seccomp_profile *p, struct err *e)
{
	struct json_object *list;
	size_t n, names = 0;

	if (json_get_array(o, "syscalls", &list, &n, e) < 0)
		return -1;
	if (n > RULES_MAX)
		return err_set(e, ERR_LIMIT, "syscalls: more than %d rules",
			       RULES_MAX);
	for (size_t i = 0; i < n; i++) {
		struct json_object *rule = json_at(list, i);
		struct seccomp_rule *r = GROW(p->rules, p->n_rules);
		bool applies;

		/* a rule that does not apply must be well-formed all the same*/
		r->at = (unsigned)i;
		if (check_members(rule, rule_members, e) < 0 ||
		    rule_applies(rule, facts, &applies, e) < 0 ||
		    read_rule(rule, r, e) < 0) {
			rule_done(r);
			return err_prefix(e, "syscalls[%zu]", i);
		}
		names += strv_len(r->names);
		p->n_rules += applies;
		if (!applies)
			rule_done(r);
		if (names > NAMES_MAX)
			return err_set(e, ERR_LIMIT,
				       "syscalls: more than %d names",
				       NAMES_MAX);
	}
	return 0;
}

/* ---- the profile ---- */

static int read_flags(struct json_object *o, uint64_t *ret, struct err *e)
{
	AUTO(strv_free) char **flags = NULL;
	uint64_t all = 0, bit;

	if (json_get_strv(o, "flags", &flags, e) < 0)
		return -1;
	strv_foreach (f, flags) {
		if (seccomp_words_find(seccomp_words_flag, "flag", *f, &bit,
				       e) < 0)
			return -1;
		all |= bit;
	}
	*ret = all;
	return 0;
}

static int check_arches(char *const *arches, struct err *e)
{
	uint64_t ignored;

	strv_foreach (a, arches) {
		if (seccomp_words_find(seccomp_words_arch, "architecture", *a,
				       &ignored, e) < 0)
			return -1;
	}
	return 0;
}

/* One row of archMap; taken when it is the native architecture's. */
static int read_archmap_row(struct json_object *o, const char *native,
			    struct seccomp_profile *p, struct err *e)
{
	AUTO(strv_free) char **arches = NULL;
	const char *arch;
	uint64_t ignored;

	if (check_members(o, archmap_members, e) < 0 ||
	    get_word(o, "architecture", seccomp_words_arch, &ignored, e) < 0 ||
	    json_get_str(o, "architecture", &arch, e) < 0 ||
	    json_get_strv(o, "subArchitectures", &arches, e) < 0 ||
	    check_arches(arches, e) < 0)
		return -1;
	if (strcmp(arch, native))
		return 0;
	if (strv_len(p->arches))
		return err_set(e, ERR_INPUT, "%s is there twice", arch);
	strv_add(&p->arches, arch);
	strv_foreach (a, arches)
		strv_add(&p->arches, *a);
	return 0;
}

static int read_arches(struct json_object *o, const struct seccomp_facts *facts,
		       struct seccomp_profile *p, struct err *e)
{
	const char *native = native_of(facts->arch);
	struct json_object *map;
	size_t n;

	if (json_get_strv(o, "architectures", &p->arches, e) < 0 ||
	    check_arches(p->arches, e) < 0 ||
	    json_get_array(o, "archMap", &map, &n, e) < 0)
		return -1;
	if (n && strv_len(p->arches))
		return err_set(e, ERR_INPUT,
			       "both architectures and archMap are given");
	for (size_t i = 0; i < n; i++)
		if (read_archmap_row(json_at(map, i), native, p, e) < 0)
			return err_prefix(e, "archMap[%zu]", i);
	if (!strv_len(p->arches) || strv_has(p->arches, native) ||
	    strv_has(p->arches, "SCMP_ARCH_NATIVE"))
		return 0;
	if (!facts->of_engine)
		return err_set(e, ERR_INPUT,
			       "architectures: %s, that of this machine, is "
			       "not among them",
			       native);
	strv_add(&p->arches, native);
	return 0;
}

static int read_default(struct json_object *o, struct seccomp_profile *p,
			struct err *e)
{
	const char *listener, *metadata;
	int64_t errnum;
	uint64_t act;

	if (get_word(o, "defaultAction", seccomp_words_action, &act, e) < 0 ||
	    get_errno(o, "defaultErrnoRet", "defaultErrno", &errnum, e) < 0 ||
	    settle_errno((enum seccomp_act)act, errnum, &p->dflt_errno, e) < 0)
		return -1;
	p->dflt = (enum seccomp_act)act;
	if (json_get_str(o, "listenerPath", &listener, e) < 0 ||
	    json_get_str(o, "listenerMetadata", &metadata, e) < 0)
		return -1;
	if (metadata && *metadata && !(listener && *listener))
		return err_set(e, ERR_INPUT,
			       "listenerMetadata: there is no listenerPath to "
			       "send it to");
	if (listener && *listener)
		p->listener = xstrdup(listener);
	if (metadata && *metadata)
		p->metadata = xstrdup(metadata);
	return read_flags(o, &p->flags, e);
}

int seccomp_json_read(const char *name, struct json_object *o,
		      const struct seccomp_facts *facts,
		      struct seccomp_profile *ret, struct err *e)
{
	AUTO(seccomp_profile_done) struct seccomp_profile p = { 0 };
	const char *native = native_of(facts->arch);

	if (!native)
		return err_set(e, ERR_HOST,
			       "seccomp on %s: only amd64 and arm64 are "
			       "supported",
			       facts->arch);
	p.arch = xstrdup(facts->arch);
	if (check_members(o, top_members, e) < 0 ||
	    read_default(o, &p, e) < 0 || read_arches(o, facts, &p, e) < 0 ||
	    read_rules(o, facts, &p, e) < 0)
		return err_prefix(e, "%s", name);
	*ret = p;
	memset(&p, 0, sizeof(p));
	return 0;
}

int seccomp_json_parse(const char *name, const struct buf *text,
		       const struct seccomp_facts *facts,
		       struct seccomp_profile *ret, struct err *e)
{
	AUTO(json_free) struct json_object *o = NULL;

	if (text->len > SECCOMP_JSON_MAX)
		return err_set(e, ERR_LIMIT, "%s: larger than %u bytes", name,
			       SECCOMP_JSON_MAX);
	o = json_parse(name, text->p ? text->p : "", text->len, e);
	if (!o)
		return -1;
	return seccomp_json_read(name, o, facts, ret, e);
}
