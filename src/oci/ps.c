/*
 * ps.c - `immure-oci ps ID`: the processes of a container, as ps(1) of this
 * host tells of them, or their numbers alone.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/num.h"
#include "base/path.h"
#include "base/spawn.h"
#include "base/strv.h"
#include "base/table.h"
#include "engine/bundle.h"
#include "format/oci_state.h"
#include "oci/oci.h"
#include "store/oci.h"

#define OUTPUT_MAX (16u << 20)
#define PS_MS	   30000

struct ps_args {
	char *format;
};
static const struct option rows[] = {
	{ "format", 'f', OPTION_STRING, "FORM",
	  offsetof(struct ps_args, format), "Flags", "table or json",
	  "table|json", NULL },
	{ 0 },
};

struct pids {
	pid_t *v;
	size_t n;
};

static void pids_done(struct pids *p)
{
	free(p->v);
}
DEFINE_AUTO_DONE(struct pids, pids_done);

static int by_number(const void *a, const void *b)
{
	pid_t x = *(const pid_t *)a, y = *(const pid_t *)b;

	return (x > y) - (x < y);
}

/* Of one that has ended: none. */
static int find_pids(struct oci_call *x, struct pids *p, struct err *e)
{
	AUTO(oci_state_done) struct oci_state s = { 0 };
	enum oci_status status;
	auto_fd dir = -1;
	int r;

	if (oci_load(x->globals, x->words[0], &dir, &s, e) < 0)
		return -1;
	status = store_oci_status(dir, &s);
	if (status == OCI_CREATING || status == OCI_STOPPED)
		return 0;
	r = s.cgroup ? engine_cgroup_pids(s.cgroup, &p->v, &p->n, e)
		     : store_oci_pids(&s, &p->v, &p->n, e);
	if (r == 0 && p->n)
		qsort(p->v, p->n, sizeof(*p->v), by_number);
	return r;
}

static void print_json(const struct pids *p, struct buf *b)
{
	struct json_out j;

	json_out_init(&j, b, false);
	json_out_array(&j, NULL);
	for (size_t i = 0; i < p->n; i++)
		json_out_i64(&j, NULL, p->v[i]);
	json_out_array_end(&j);
	buf_char(b, '\n');
}

static void print_numbers(const struct pids *p, struct buf *b)
{
	buf_str(b, "PID\n");
	for (size_t i = 0; i < p->n; i++)
		buf_printf(b, "%d\n", (int)p->v[i]);
}

/* ---- ps(1) ---- */

static const char *find_ps(void)
{
	static const char *const paths[] = { "/usr/bin/ps", "/bin/ps" };

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		if (path_is_there(paths[i]))
			return paths[i];
	return NULL;
}

static int run_ps(const char *path, char *const *flags, struct buf *ret,
		  struct err *e)
{
	AUTO(strv_free) char **argv = NULL;
	const struct spawn_heard h = { STDOUT_FILENO, PS_MS, OUTPUT_MAX, ret };
	struct spawn s = { .path = path,
			   .n_fds = 3,
			   .fds = { -1, -1, STDERR_FILENO } };
	int status;

	strv_add(&argv, "ps");
	strv_foreach (flag, flags)
		strv_add(&argv, *flag);
	if (!*flags)
		strv_add(&argv, "-ef");
	s.argv = argv;
	status = spawn_hear(&s, &h, e);
	if (status > 0)
		return err_set(e, ERR_HOST, "%s: exit status %d", path, status);
	return status;
}

/* The word of a line, counted from 0; NULL: it has not so many. */
static char *word_of(const char *line, size_t at)
{
	for (;;) {
		size_t n;

		line += strspn(line, " \t");
		n = strcspn(line, " \t");
		if (!n)
			return NULL;
		if (at-- == 0)
			return xstrndup(line, n);
		line += n;
	}
}

static bool is_one(const struct pids *p, const char *line, size_t column)
{
	auto_free char *word = word_of(line, column);
	uint64_t pid;

	if (!word || num_u64(word, INT32_MAX, "", &pid, NULL) < 0)
		return false;
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i] == (pid_t)pid)
			return true;
	return false;
}

static int find_column(const char *head, size_t *ret, struct err *e)
{
	for (*ret = 0;; ++*ret) {
		auto_free char *word = word_of(head, *ret);

		if (!word)
			return err_set(e, ERR_USAGE,
				       "ps: these flags show no column PID");
		if (strcmp(word, "PID") == 0)
			return 0;
	}
}

/* The head, and the lines of ours. */
static int select_lines(const struct pids *p, const char *text, struct buf *b,
			struct err *e)
{
	AUTO(strv_free) char **lines = strv_split(text, '\n');
	size_t column;

	if (find_column(*lines ? *lines : "", &column, e) < 0)
		return -1;
	buf_printf(b, "%s\n", *lines);
	strv_foreach (line, lines + 1)
		if (is_one(p, *line, column))
			buf_printf(b, "%s\n", *line);
	return 0;
}

static int print_table(const struct pids *p, char *const *flags, struct buf *b,
		       struct err *e)
{
	AUTO(buf_done) struct buf text = BUF_INIT;
	const char *path = find_ps();

	if (!path) {
		print_numbers(p, b);
		return 0;
	}
	if (run_ps(path, flags, &text, e) < 0)
		return -1;
	return select_lines(p, text.p ? text.p : "", b, e);
}

static int ps(const struct oci_command *c, struct oci_call *x, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	AUTO(pids_done) struct pids p = { 0 };
	struct ps_args a = { 0 };
	int r = oci_parse(c, x, &a, e);
	auto_free char *format = a.format;

	if (r)
		return r;
	if (find_pids(x, &p, e) < 0)
		return -1;
	if (format && strcmp(format, "json") == 0)
		print_json(&p, &b);
	else if (print_table(&p, x->words + 1, &b, e) < 0)
		return -1;
	return oci_print(&b, e);
}

const struct oci_command oci_command_ps = {
	.name = "ps",
	.usage = "[flags] ID [flags of ps(1)]",
	.text = "list the processes of a container",
	.options = { .command = "ps",
		     .program = "immure-oci",
		     .rows = rows,
		     .stop = true },
	.min = 1,
	.max = OCI_ANY,
	.run = ps,
};
