/*
 * case.h - a request, an image and a host as lines of "key value", so that a
 * golden is a file and a test is a few lines. Nothing here touches the real
 * host: facts are made up (or said by "fact" lines) as the engine fills them.
 *
 *   root image            image, dir DIR, or host
 *   command sh -c true    words, divided by spaces
 *   mount bind /a /b rw   type, source ("-" for none), target, words
 *   ulimit nofile 10 20   name, soft, hard
 *   host.label P holds    an AppArmor profile: holds, tells, empty, unknown
 *   fact /a file 0644 ro  what a host path is: type, mode, ro: locked
 *   user.id 1000:1000     what the image's user resolved to; more: groups
 *   subids 100000:65536   the caller's ranges, "none" for none
 *
 * All other keys are fields of the request ("cap_add"), of the image's config
 * ("image.env") or of the host ("host.landlock_abi"); see `keys`.
 */
#ifndef TESTS_PLAN_CASE_H
#define TESTS_PLAN_CASE_H

#include <linux/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include "unit.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "base/defaults.h"
#include "base/num.h"
#include "base/strv.h"
#include "base/table.h"
#include "immure/image.h"
#include "plan/build.h"
#include "plan/check.h"
#include "plan/hash.h"
#include "plan/ops.h"
#include "plan/print.h"
#include "plan/resolve.h"
#include "engine_part.h"

#define FIXTURE __attribute__((unused)) static

struct case_fact {
	char *path;
	uint32_t mode;
	bool is_ro;
};
struct test_case {
	struct request *r;
	struct image *image;
	struct host *h;
	struct case_fact facts[16];
	size_t n_facts;
	struct resolved_user user;
	bool uncompiled; /* leave the filters out */
};

/* ---- keys ---- */

enum key_kind { STRING, LIST, WORDS, FLAG, TRI, NUMBER, INTEGER };
enum key_of { REQUEST, IMAGE, HOST };
#define KEY(kind, of, type, name, field)                                       \
	{                                                                      \
		name, kind, of, offsetof(struct type, field)                   \
	}
#define R(kind, field) KEY(kind, REQUEST, request, #field, field)
#define I(kind, field) KEY(kind, IMAGE, image, "image." #field, config.field)
#define H(kind, field) KEY(kind, HOST, host, "host." #field, field)

static const struct {
	const char *name;
	enum key_kind kind;
	enum key_of of;
	size_t offset;
} keys[] = {
	R(WORDS, command),
	R(WORDS, entrypoint),
	R(FLAG, has_entrypoint),
	R(LIST, env),
	R(STRING, user),
	R(STRING, workdir),
	R(STRING, hostname),
	R(STRING, stop_signal),
	R(LIST, labels),
	R(LIST, annotations),
	R(FLAG, tty),
	R(FLAG, keep),
	R(FLAG, read_only),
	R(FLAG, privileged),
	R(TRI, init),
	R(LIST, devices),
	R(LIST, cap_add),
	R(LIST, cap_drop),
	R(STRING, caps),
	R(STRING, seccomp),
	R(STRING, seccomp_narrow),
	R(STRING, landlock),
	R(STRING, landlock_rules),
	R(STRING, record),
	R(STRING, record_mode),
	R(STRING, record_calls),
	R(STRING, apparmor),
	R(STRING, selinux),
	R(TRI, no_new_privs),
	R(FLAG, unmask),
	R(STRING, userns),
	R(LIST, uidmap),
	R(LIST, gidmap),
	R(STRING, pid),
	R(STRING, ipc),
	R(STRING, uts),
	R(STRING, cgroupns),
	R(STRING, network),
	R(NUMBER, pids_limit),
	KEY(NUMBER, REQUEST, request, "memory", limits.memory),
	KEY(NUMBER, REQUEST, request, "memory_swap", limits.swap),
	KEY(NUMBER, REQUEST, request, "reservation", limits.reservation),
	KEY(NUMBER, REQUEST, request, "cpu_shares", limits.cpu_shares),
	KEY(NUMBER, REQUEST, request, "cpu_quota", limits.cpu_quota),
	KEY(NUMBER, REQUEST, request, "cpu_period", limits.cpu_period),
	KEY(STRING, REQUEST, request, "cpus", limits.cpus),
	KEY(STRING, REQUEST, request, "mems", limits.mems),
	KEY(INTEGER, REQUEST, request, "io_weight", limits.io_weight),
	R(STRING, cgroups),
	R(STRING, cgroup_parent),
	R(NUMBER, root_size),
	I(WORDS, cmd),
	I(WORDS, entrypoint),
	I(LIST, env),
	I(STRING, workdir),
	I(STRING, stop_signal),
	I(LIST, volumes),
	I(LIST, labels),
	H(STRING, newuidmap),
	H(INTEGER, uid),
	H(INTEGER, gid),
	H(INTEGER, landlock_abi),
	H(FLAG, has_userns),
	H(FLAG, has_timens),
	H(FLAG, has_overlay_userns),
	H(FLAG, apparmor),
	H(FLAG, selinux),
	H(INTEGER, kernel_major),
	H(INTEGER, kernel_minor),
	H(NUMBER, max_user_namespaces),
	H(INTEGER, cgroup), /* enum cgroup_mode */
	H(STRING, cgroup_controllers),
	H(STRING, cgroup_place),
	H(FLAG, cgroup_is_own),
	H(NUMBER, cgroup_others),
	H(STRING, scope_controllers),
	H(STRING, scope_helper),
};

static inline void case_set(void *at, enum key_kind kind, const char *value)
{
	AUTO(strv_free) char **words = strv_split(value, ' ');
	bool yes = !strcmp(value, "yes") || !*value;

	switch (kind) {
	case STRING:
		free(*(char **)at);
		*(char **)at = strcmp(value, "none") ? xstrdup(value) : NULL;
		break;
	case LIST:
		strv_add((char ***)at, value);
		break;
	case WORDS:
		strv_foreach (w, words)
			strv_add((char ***)at, *w);
		break;
	case FLAG:
		*(bool *)at = yes;
		break;
	case TRI:
		*(enum tristate *)at = yes ? YES : NO;
		break;
	case NUMBER:
		*(int64_t *)at = strtoll(value, NULL, 10);
		break;
	case INTEGER:
		*(uint32_t *)at = (uint32_t)strtoul(value, NULL, 10);
		break;
	}
}

/* ---- keys with a form of their own ---- */

static inline void case_root(struct test_case *c, char **w)
{
	if (!strcmp(w[0], "image")) {
		c->r->root = ROOT_IMAGE;
	} else {
		c->r->root = strcmp(w[0], "dir") ? ROOT_HOST : ROOT_DIR;
		image_free(TAKE(c->image));
		c->r->rootfs = w[1] ? xstrdup(w[1]) : NULL;
	}
}

static inline void case_mount(struct test_case *c, char **w)
{
	struct request_mount *m = GROW(c->r->mounts, c->r->n_mounts);
	bool is_bind = !strcmp(w[0], "bind");

	c->r->n_mounts++;
	m->type = xstrdup(w[0]);
	m->source = strcmp(w[1], "-") ? xstrdup(w[1]) : NULL;
	m->target = xstrdup(w[2]);
	m->exec = m->recursive = is_bind;
	m->writable = !is_bind || strv_has(w + 3, "rw");
	m->suid = strv_has(w + 3, "suid");
	m->dev = strv_has(w + 3, "dev");
}

static inline void case_ulimit(struct test_case *c, char **w)
{
	struct request_rlimit *l = GROW(c->r->rlimits, c->r->n_rlimits);

	c->r->n_rlimits++;
	l->name = xstrdup(w[0]);
	l->soft = strtoull(w[1], NULL, 10);
	l->hard = strcmp(w[2], "unlimited") ? strtoull(w[2], NULL, 10)
					    : UINT64_MAX;
}

static inline void case_fact(struct test_case *c, char **w)
{
	static const struct word types[] = { { "file", S_IFREG },
					     { "dir", S_IFDIR },
					     { "socket", S_IFSOCK },
					     { "char", S_IFCHR },
					     { NULL, 0 } };
	struct case_fact *f = &c->facts[c->n_facts++];
	uint64_t type = 0;
	uint32_t mode = 0;

	assert_true(c->n_facts <= ARRAY_SIZE(c->facts));
	assert_true(word_find(types, w[1], &type));
	assert_int_equal(num_mode(w[2], "mode", &mode, NULL), 0);
	f->path = xstrdup(w[0]);
	f->mode = (uint32_t)type | mode;
	f->is_ro = strv_has(w + 3, "ro");
}

/* "UID:GID [GROUP …]" */
static inline void case_user(struct test_case *c, char **w)
{
	uint32_t id[2];

	assert_int_equal(sscanf(w[0], "%u:%u", &id[0], &id[1]), 2);
	c->user.uid = id[0];
	c->user.gid = id[1];
	free(c->user.groups);
	c->user.groups = NULL;
	c->user.n_groups = 0;
	*GROW(c->user.groups, c->user.n_groups) = id[1];
	c->user.n_groups++;
	for (w++; *w; w++) {
		*GROW(c->user.groups, c->user.n_groups) =
			(uint32_t)strtoul(*w, NULL, 10);
		c->user.n_groups++;
	}
}

static inline void case_subids(struct test_case *c, char **w)
{
	struct host *h = c->h;

	h->n_subuid = h->n_subgid = 0;
	for (; *w && strcmp(*w, "none"); w++) {
		struct id_range r = { 0, 0 };

		assert_int_equal(sscanf(*w, "%u:%u", &r.first, &r.count), 2);
		*GROW(h->subuid, h->n_subuid) = r;
		*GROW(h->subgid, h->n_subgid) = r;
		h->n_subuid++, h->n_subgid++;
	}
}

static inline void case_layers(struct test_case *c, char **w)
{
	for (; *w; w++) {
		struct image_layer *l =
			GROW(c->image->layers, c->image->n_layers);

		c->image->n_layers++;
		l->path = xstrdup(*w);
		l->id = (struct object_id){ 2049, 900 + c->image->n_layers };
	}
}

/* "NAME HARD": the caller's own limit */
static inline void case_host_ulimit(struct test_case *c, char **w)
{
	struct host *h = c->h;
	uint64_t resource = 0;

	assert_true(h->n_rlimits < HOST_RLIMITS);
	assert_true(word_find(rlimit_words, w[0], &resource));
	h->rlimits[h->n_rlimits++] =
		(struct host_rlimit){ (int)resource, strtoull(w[1], NULL, 10) };
}

/* "NAME MODE": a profile that is loaded */
static inline void case_host_label(struct test_case *c, char **w)
{
	static const struct word modes[] = { { "holds", LABEL_HOLDS },
					     { "tells", LABEL_TELLS },
					     { "empty", LABEL_EMPTY },
					     { "unknown", LABEL_UNKNOWN },
					     { NULL, 0 } };
	struct host_label *l = GROW(c->h->labels, c->h->n_labels);
	uint64_t mode = 0;

	c->h->n_labels++;
	assert_true(word_find(modes, w[1], &mode));
	*l = (struct host_label){ xstrdup(w[0]), (enum label_mode)mode };
}

static const struct {
	const char *name;
	void (*set)(struct test_case *c, char **w);
} forms[] = {
	{ "host.label", case_host_label },
	{ "root", case_root },
	{ "mount", case_mount },
	{ "ulimit", case_ulimit },
	{ "fact", case_fact },
	{ "user.id", case_user },
	{ "subids", case_subids },
	{ "layers", case_layers },
	{ "host.ulimit", case_host_ulimit },
};

/* ---- a case ---- */

static inline struct test_case *case_new(void)
{
	struct test_case *c = xcalloc(1, sizeof(*c));
	struct host *h = c->h = xcalloc(1, sizeof(*h));

	c->r = xcalloc(1, sizeof(*c->r));
	c->image = xcalloc(1, sizeof(*c->image));
	c->image->name = xstrdup("docker.io/library/debian:12");
	memcpy(c->image->digest, "sha256:d1ce", sizeof("sha256:d1ce"));
	h->uid = h->gid = 1000;
	h->user = xstrdup("u");
	h->newuidmap = xstrdup("/usr/bin/newuidmap");
	h->newgidmap = xstrdup("/usr/bin/newgidmap");
	h->arch = xstrdup("amd64");
	h->kernel_major = 6;
	h->kernel_minor = 18;
	h->landlock_abi = 7;
	h->has_userns = h->has_timens = h->has_overlay_userns = true;
	h->max_user_namespaces = 1000;
	case_subids(c, (char *[]){ (char *)"100000:65536", NULL });
	case_user(c, (char *[]){ (char *)"0:0", NULL });
	return c;
}

static inline void case_free(struct test_case *c)
{
	size_t i;

	for (i = 0; i < c->n_facts; i++)
		free(c->facts[i].path);
	free(c->user.groups);
	image_free(c->image);
	request_free(c->r);
	host_free(c->h);
	free(c);
}
DEFINE_AUTO(struct test_case *, case_free);

static inline void case_line(struct test_case *c, const char *line)
{
	size_t n = strcspn(line, " "), i;
	const char *value = line[n] ? line + n + 1 : "";
	auto_free char *name = xstrndup(line, n);
	AUTO(strv_free) char **words = strv_split(value, ' ');
	char *of[3] = { (char *)c->r, (char *)c->image, (char *)c->h };

	for (i = 0; i < ARRAY_SIZE(forms); i++)
		if (!strcmp(forms[i].name, name)) {
			forms[i].set(c, words);
			return;
		}
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(keys[i].name, name)) {
			case_set(of[keys[i].of] + keys[i].offset, keys[i].kind,
				 value);
			return;
		}
	fail_msg("no such key: %s", name);
}

static inline struct test_case *case_parse(const char *text)
{
	AUTO(strv_free) char **lines = strv_split(text, '\n');
	struct test_case *c = case_new();

	strv_foreach (line, lines)
		if (**line && **line != '#')
			case_line(c, *line);
	if (c->image && !c->image->n_layers)
		case_layers(c, (char *[]){ (char *)"/store/l1",
					   (char *)"/store/l2", NULL });
	return c;
}

/* ---- what the engine does between resolve and build ---- */

static inline void case_fill_facts(const struct test_case *c, const char *path,
				   bool is_device, struct source_facts *f)
{
	static const char *const nodes[] = { "null", "?",      "zero",	 "?",
					     "full", "random", "urandom" };
	size_t i;

	*f = (struct source_facts){ .resolved = xstrdup(path),
				    .id = { 2049, 0 },
				    .mode = S_IFDIR | 0755 };
	for (i = 0; path[i]; i++) /* one number a path, the same everywhere */
		f->id.ino = f->id.ino * 31 % 100003 + (uint8_t)path[i];
	*GROW(f->parents, 0) = (struct object_id){ 2049, 2 };
	f->n_parents = 1;
	if (is_device) {
		f->mode = S_IFCHR | 0666;
		f->rdev = makedev(10, 200);
	}
	for (i = 0; i < ARRAY_SIZE(nodes); i++)
		if (is_device && !strcmp(path + 5, nodes[i]))
			f->rdev = makedev(1, (unsigned)i + 3);
	for (i = 0; i < c->n_facts; i++)
		if (!strcmp(c->facts[i].path, path)) {
			f->mode = c->facts[i].mode;
			f->locked_attr =
				c->facts[i].is_ro ? MOUNT_ATTR_RDONLY : 0;
		}
}

static inline void case_engine(const struct test_case *c, struct spec *s)
{
	size_t i;

	if (c->r->root == ROOT_DIR) {
		struct spec_layer *l = GROW(s->layers, s->n_layers);

		s->n_layers++;
		l->path = xstrdup(c->r->rootfs);
		l->id = (struct object_id){ 2049, 800 };
	}
	if (c->r->root == ROOT_HOST)
		case_host_tree(s);
	if (c->r->keep) {
		s->upper = xstrdup("/store/containers/c1");
		s->upper_id = (struct object_id){ 2049, 700 };
	}
	for (i = 0; i < s->n_mounts; i++)
		if (s->mounts[i].source)
			case_fill_facts(c, s->mounts[i].source, false,
					&s->mounts[i].facts);
	for (i = 0; i < s->n_devices; i++)
		case_fill_facts(c, s->devices[i].source, true,
				&s->devices[i].facts);
	case_rules(s);
	if (!s->seccomp || c->uncompiled)
		return;
	case_filters(s);
}

FIXTURE struct spec *case_spec(const char *text, struct err *e)
{
	AUTO(case_free) struct test_case *c = case_parse(text);

	return plan_resolve(c->r, c->image, &c->user, c->h, e);
}

static inline struct plan *case_build(struct test_case *c, struct err *e)
{
	AUTO(spec_free)
	struct spec *s = plan_resolve(c->r, c->image, &c->user, c->h, e);
	AUTO(plan_free) struct plan *p = NULL;

	if (!s)
		return NULL;
	case_engine(c, s);
	p = plan_build(s, c->h, e);
	return p && !plan_check(p, e) ? TAKE(p) : NULL;
}

/* Like case_build; any error fails the test. */
FIXTURE struct plan *case_plan(const char *text)
{
	AUTO(case_free) struct test_case *c = case_parse(text);
	struct err e = ERR_INIT;
	struct plan *p = case_build(c, &e);

	if (!p)
		fail_msg("%s\ngave %s: %s", text, err_word(e.kind), e.msg);
	return p;
}

/* The request is refused with this kind and a message that has `part`. */
FIXTURE void case_refused(const char *text, enum err_kind kind,
			  const char *part)
{
	AUTO(case_free) struct test_case *c = case_parse(text);
	struct err e = ERR_INIT;
	AUTO(plan_free) struct plan *p = case_build(c, &e);

	if (p)
		fail_msg("%s\nwas planned", text);
	if (e.kind != kind || !strstr(e.msg, part))
		fail_msg("%s\ngave %s \"%s\"; expected %s \"%s\"", text,
			 err_word(e.kind), e.msg, err_word(kind), part);
}

/* The same for each of these lines, of an image that says "sh". */
struct case_refusal {
	const char *lines, *part;
};
FIXTURE void cases_refused(const struct case_refusal *v, size_t n,
			   enum err_kind kind)
{
	for (size_t i = 0; i < n; i++) {
		auto_free char *text =
			xasprintf("image.cmd sh\n%s", v[i].lines);

		case_refused(text, kind, v[i].part);
	}
}

/* ---- looking at a plan ---- */

/* The index of the first step whose short text begins so, or -1. */
FIXTURE int step_at(const struct plan *p, const char *start)
{
	plan_foreach (s, p) {
		AUTO(buf_done) struct buf b = BUF_INIT;

		plan_print_step(s, false, &b);
		if (!strncmp(b.p, start, strlen(start)))
			return (int)(s - p->steps);
	}
	return -1;
}

/* The first field of this kind that the op has. */
FIXTURE const struct field *field_of(enum op op, enum field_kind kind)
{
	op_foreach_field(f, op)
	{
		if (f->kind == kind)
			return f;
	}
	fail_msg("%s has no such field", op_word(op));
	return NULL;
}

static inline void show(const struct plan *p)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	plan_print_text(p, false, &b);
	print_error("%s", b.p);
}

#define assert_step(p, start)                                                  \
	do {                                                                   \
		if (step_at(p, start) < 0) {                                   \
			show(p);                                               \
			fail_msg("no step \"%s\"", start);                     \
		}                                                              \
	} while (0)
#define assert_no_step(p, start)                                               \
	do {                                                                   \
		if (step_at(p, start) >= 0) {                                  \
			show(p);                                               \
			fail_msg("there is a step \"%s\"", start);             \
		}                                                              \
	} while (0)
#define assert_before(p, a, b)                                                 \
	do {                                                                   \
		assert_step(p, a);                                             \
		assert_step(p, b);                                             \
		assert_true(step_at(p, a) < step_at(p, b));                    \
	} while (0)

#endif
