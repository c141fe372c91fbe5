/*
 * opts.c - the structured words of the command line other than mounts:
 * limits, devices, id maps, variables, signals. Looks nothing up on the
 * host.
 */
#include "format/opts.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <strings.h>
#include "base/alloc.h"
#include "base/num.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/table.h"
#include "format/text.h"

#define ENV_MAX	     4096   /* variables of one file */
#define ENV_LINE_MAX 131071 /* execve takes no longer one */

static int refuse(struct err *e, const char *flag, const char *s,
		  const char *why)
{
	return err_set(e, ERR_USAGE, "%s \"%s\": %s", flag, SHOW(s), why);
}

/* ---- --ulimit ---- */

static const char *const limits[] = {
	"as",	   "core",     "cpu",	"data",	      "fsize", "locks",
	"memlock", "msgqueue", "nice",	"nofile",     "nproc", "rss",
	"rtprio",  "rttime",   "stack", "sigpending",
};

static int parse_limit(const char *s, uint64_t *ret, struct err *e)
{
	if (!strcmp(s, "-1") || !strcmp(s, "unlimited")) {
		*ret = UINT64_MAX;
		return 0;
	}
	return num_u64(s, INT64_MAX, "--ulimit", ret, e);
}

static int unknown_limit(const char *name, struct err *e)
{
	const char *near = word_nearest(name, limits, ARRAY_SIZE(limits));

	return err_set(e, ERR_USAGE, "--ulimit \"%s\": unknown limit%s%s",
		       SHOW(name), near ? "; did you mean " : "",
		       near ? near : "");
}

static bool is_limit(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		if (!strcmp(name, limits[i]))
			return true;
	return false;
}

int opts_ulimit(const char *s, struct request_rlimit *ret, struct err *e)
{
	auto_free char *name = xstrdup(s);
	char *eq = strchr(name, '=');
	struct request_rlimit r = { 0 };
	char *colon;

	if (!eq)
		return refuse(e, "--ulimit", s, "expected NAME=SOFT[:HARD]");
	*eq = '\0';
	if (!is_limit(name))
		return unknown_limit(name, e);
	colon = strchr(eq + 1, ':');
	if (colon)
		*colon = '\0';
	if (parse_limit(eq + 1, &r.soft, e))
		return -1;
	if (colon && parse_limit(colon + 1, &r.hard, e))
		return -1;
	if (!colon)
		r.hard = r.soft;
	if (r.soft > r.hard)
		return refuse(e, "--ulimit", s,
			      "the soft limit is above the hard one");
	r.name = TAKE(name);
	*ret = r;
	return 0;
}

/* ---- --device ---- */

static bool parse_permissions(const char *s, struct opts_device *d)
{
	if (!*s)
		return false;
	for (; *s; s++) {
		bool *flag = *s == 'r'	 ? &d->read
			     : *s == 'w' ? &d->write
			     : *s == 'm' ? &d->mknod
					 : NULL;

		if (!flag || *flag)
			return false;
		*flag = true;
	}
	return true;
}

static char *device_path(const char *s)
{
	if (*s != '/' || !text_is_plain(s) || strlen(s) > 4095)
		return NULL;
	return path_clean(s);
}

int opts_device(const char *s, struct opts_device *ret, struct err *e)
{
	AUTO(opts_device_done) struct opts_device d = { 0 };
	AUTO(strv_free) char **v = strv_split(s, ':');
	size_t n = strv_len(v);
	/* the second part is a path or, when it is the last, permissions */
	const char *perm = n == 3 ? v[2] : NULL;
	const char *target = v[0];

	if (n > 3)
		return refuse(e, "--device", s,
			      "expected SOURCE[:TARGET[:rwm]]");
	if (n == 2 && v[1][0] != '/')
		perm = v[1];
	else if (n > 1)
		target = v[1];
	d.source = device_path(v[0]);
	d.target = device_path(target);
	if (!d.source || !d.target || !strcmp(d.target, "/"))
		return refuse(e, "--device", s,
			      "source and target must be absolute paths");
	if (!perm)
		d.read = d.write = d.mknod = true;
	else if (!parse_permissions(perm, &d))
		return refuse(e, "--device", s,
			      "permissions are r, w and m, each at most once");
	*ret = d;
	d = (struct opts_device){ 0 };
	return 0;
}

void opts_device_done(struct opts_device *d)
{
	free(d->source);
	free(d->target);
	*d = (struct opts_device){ 0 };
}

/* ---- --uidmap, --gidmap ---- */

int opts_idmap(const char *s, struct spec_idmap *ret, struct err *e)
{
	AUTO(strv_free) char **v = strv_split(s, ':');
	struct spec_idmap m = { 0 };

	if (strv_len(v) != 3)
		return refuse(e, "id map", s, "expected CONTAINER:ID:COUNT");
	if (num_u32(v[0], "id map", &m.inside, e) ||
	    num_u32(v[1], "id map", &m.outer, e) ||
	    num_u32(v[2], "id map", &m.count, e))
		return -1;
	if (m.count == 0)
		return refuse(e, "id map", s, "the count is 0");
	/* 4294967295 means "no id" to the kernel */
	if (m.count > UINT32_MAX - m.inside || m.count > UINT32_MAX - m.outer)
		return refuse(e, "id map", s, "it goes beyond id 4294967294");
	*ret = m;
	return 0;
}

/* ---- -e, --env-file ---- */

/* Why a word is not a variable, or NULL. */
static const char *env_refused(const char *s)
{
	size_t n = strcspn(s, "=");
	auto_free char *key = xstrndup(s, n);

	if (n == 0)
		return "the name is empty";
	if (!text_is_plain(key))
		return "the name holds a control character";
	if (strnlen(s, ENV_LINE_MAX + 1) > ENV_LINE_MAX)
		return "longer than 131071 bytes";
	return NULL;
}

static void env_unset(char **env, const char *key)
{
	size_t n = strlen(key);

	for (char **p = env; p && *p; p++) {
		if (strncmp(*p, key, n) || (*p)[n] != '=')
			continue;
		free(*p);
		memmove(p, p + 1, (strv_len(p + 1) + 1) * sizeof(*p));
		return;
	}
}

static void env_apply(const char *s, char *const *caller, char ***env)
{
	const char *value = strchr(s, '=') ? NULL : strv_getenv(caller, s);
	auto_free char *copied = value ? xasprintf("%s=%s", s, value) : NULL;

	if (strchr(s, '='))
		strv_setenv(env, s);
	else if (copied)
		strv_setenv(env, copied);
	else
		env_unset(*env, s);
}

int opts_env(const char *s, char *const *caller, char ***env, struct err *e)
{
	const char *why = env_refused(s);

	if (why)
		return refuse(e, "-e", s, why);
	env_apply(s, caller, env);
	return 0;
}

static int refuse_line(struct err *e, const struct opts_text *t, unsigned line,
		       const char *why)
{
	return err_set(e, ERR_USAGE, "--env-file %s, line %u: %s",
		       SHOW(t->name), line, why);
}

/* The line without blanks before it and a carriage return behind it. */
static char *env_line(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	if (p < end && end[-1] == '\r')
		end--;
	return xstrndup(p, (size_t)(end - p));
}

static const char *env_line_refused(const char *s)
{
	if (strcspn(s, " \t") < strcspn(s, "="))
		return "the name of the variable holds a blank";
	return env_refused(s);
}

static int env_file_lines(const struct opts_text *t, char *const *caller,
			  char ***env, struct err *e)
{
	const char *p = t->p, *end = t->p + t->n;
	unsigned number = 0, count = 0;

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl ? nl : end;
		auto_free char *line = env_line(p, stop);
		const char *why = NULL;

		number++;
		p = stop + 1;
		if (!*line || *line == '#')
			continue;
		why = env_line_refused(line);
		if (!why && ++count > ENV_MAX)
			why = "more than 4096 variables";
		if (why)
			return refuse_line(e, t, number, why);
		env_apply(line, caller, env);
	}
	return 0;
}

int opts_env_file(const struct opts_text *t, char *const *caller, char ***env,
		  struct err *e)
{
	AUTO(strv_free) char **copy = strv_copy(*env);
	struct opts_text body = *t;

	if (t->n > OPTS_ENV_FILE_MAX)
		return err_set(e, ERR_LIMIT, "--env-file %s: larger than 1 MiB",
			       SHOW(t->name));
	if (t->n && memchr(t->p, '\0', t->n))
		return err_set(e, ERR_USAGE, "--env-file %s: it holds a NUL",
			       SHOW(t->name));
	if (t->n >= 3 && !memcmp(t->p, "\xef\xbb\xbf", 3)) {
		body.p += 3; /* a byte order mark */
		body.n -= 3;
	}
	if (env_file_lines(&body, caller, &copy, e))
		return -1;
	strv_free(*env);
	*env = TAKE(copy);
	return 0;
}

/* ---- signals ---- */

#define SIG(name)                                                              \
	{                                                                      \
#name, SIG##name                                               \
	}
static const struct word signals[] = {
	SIG(HUP),  SIG(INT),	       SIG(QUIT),   SIG(ILL),
	SIG(TRAP), SIG(ABRT),	       SIG(IOT),    SIG(BUS),
	SIG(FPE),  SIG(KILL),	       SIG(USR1),   SIG(SEGV),
	SIG(USR2), SIG(PIPE),	       SIG(ALRM),   SIG(TERM),
	SIG(CHLD), SIG(STKFLT),	       SIG(CONT),   SIG(STOP),
	SIG(TSTP), SIG(TTIN),	       SIG(TTOU),   SIG(URG),
	SIG(XCPU), SIG(XFSZ),	       SIG(PROF),   SIG(VTALRM),
	SIG(IO),   SIG(POLL),	       SIG(WINCH),  SIG(PWR),
	SIG(SYS),  { "CLD", SIGCHLD }, { NULL, 0 },
};
#undef SIG

#define SIGNAL_MAX 64
#define RT_MIN	   34 /* as libc counts: the two below are its own */

/* "RTMIN", "RTMIN+n", "RTMAX", "RTMAX-n"; 0 when it is none of them. */
static int realtime(const char *name)
{
	bool max = !strncmp(name, "RTMAX", 5);
	int n = 0;

	if (!max && strncmp(name, "RTMIN", 5))
		return 0;
	name += 5;
	if (*name && *name != (max ? '-' : '+'))
		return 0;
	if (*name && num_int(name + 1, 0, SIGNAL_MAX - RT_MIN, "", &n, NULL))
		return 0;
	return max ? SIGNAL_MAX - n : RT_MIN + n;
}

static int signal_by_name(const char *s)
{
	char name[16] = "";
	uint64_t value;
	size_t n;

	if (!strncasecmp(s, "SIG", 3))
		s += 3;
	n = strnlen(s, sizeof(name));
	if (n == sizeof(name))
		return 0;
	for (size_t i = 0; i <= n; i++)
		name[i] = (char)(s[i] >= 'a' && s[i] <= 'z' ? s[i] - 32 : s[i]);
	if (word_find(signals, name, &value))
		return (int)value;
	return realtime(name);
}

int opts_signal(const char *s, int *ret, struct err *e)
{
	int sig = 0;

	if (*s >= '0' && *s <= '9') {
		if (strlen(s) > 2 || num_int(s, 1, SIGNAL_MAX, "", &sig, NULL))
			sig = 0;
	} else {
		sig = signal_by_name(s);
	}
	if (sig == 0)
		return refuse(e, "signal", s,
			      "unknown; expected a name such as SIGTERM or a "
			      "number from 1 to 64");
	*ret = sig;
	return 0;
}
