/*
 * delete.c - `immure-oci delete ID`: what a container has left behind. With
 * --force it is ended before, and none of that name is no error.
 */
#include <regex.h>
#include <signal.h>
#include <string.h>
#include "base/strv.h"
#include "engine/bundle.h"
#include "format/oci_state.h"
#include "oci/oci.h"
#include "store/oci.h"

struct delete_args {
	bool force, regex;
};
static const struct option rows[] = {
	{ "force", 'f', OPTION_BOOL, NULL, offsetof(struct delete_args, force),
	  "Flags", "end it before, with SIGKILL", NULL, NULL },
	{ "regex", 0, OPTION_BOOL, NULL, offsetof(struct delete_args, regex),
	  "Flags", "ID is an extended regular expression: all that match", NULL,
	  NULL },
	{ 0 },
};

static bool in_common(char *const *lines, char *const *others)
{
	strv_foreach (line, lines)
		if (strv_has(others, *line))
			return true;
	return false;
}

bool oci_cgroup_is_anothers(int root, const char *id, char *const *lines)
{
	AUTO(strv_free) char **ids = NULL;

	if (store_oci_list(root, &ids, NULL) < 0)
		return false;
	strv_foreach (other, ids) {
		AUTO(oci_state_done) struct oci_state s = { 0 };
		auto_fd dir = strcmp(*other, id) == 0
				      ? -1
				      : store_oci_find(root, *other, NULL);

		if (dir >= 0 && store_oci_load(dir, &s, NULL) == 0 &&
		    in_common(lines, s.cgroup) &&
		    store_oci_status(dir, &s) != OCI_STOPPED)
			return true;
	}
	return false;
}

int oci_forget(const struct oci_globals *g, const char *id, int known,
	       struct err *e)
{
	auto_fd root = oci_root(g, false, e);
	auto_fd dir = root < 0 ? -1 : store_oci_find(root, id, e);
	AUTO(oci_state_done) struct oci_state s = { 0 };
	struct err why = ERR_INIT;

	if (dir < 0)
		return -1;
	if (known >= 0 && !store_oci_is(dir, known))
		return err_set(e, ERR_MISSING,
			       "container %s was deleted, and another has its "
			       "name",
			       id);
	if (store_oci_load(dir, &s, NULL) == 0 && s.cgroup &&
	    !oci_cgroup_is_anothers(root, id, s.cgroup) &&
	    engine_cgroup_remove(s.cgroup, s.own_pids, e) < 0)
		return -1;
	/* a hook that fails is told; a creation that was cut off has none */
	if (oci_hooks(dir, HOOK_POSTSTOP, OCI_STOPPED, &why) < 0 &&
	    why.kind != ERR_MISSING)
		oci_log_error(g, &why);
	return store_oci_remove(root, id, e);
}

static int end(const struct oci_globals *g, const char *id, bool force,
	       struct err *e)
{
	AUTO(oci_state_done) struct oci_state s = { 0 };
	enum oci_status status;
	auto_fd dir = -1;

	if (oci_load(g, id, &dir, &s, e) < 0)
		/* cut off in its creation: only --force removes it */
		return force && e->kind == ERR_CONFLICT ? 0 : -1;
	status = store_oci_status(dir, &s);
	if (status == OCI_STOPPED)
		return 0;
	if (!force && (status == OCI_RUNNING || status == OCI_PAUSED))
		return err_set(e, ERR_CONFLICT,
			       "cannot delete container %s that is not "
			       "stopped: %s",
			       id, oci_status_word(status));
	/* what is paused does not hear a signal, wherever that was done; and
	 * somebody may have moved it out of a hierarchy of its cgroup */
	if (engine_cgroup_thaw(s.pid, e) < 0 || store_oci_end(&s, e) < 0)
		return -1;
	return s.cgroup ? engine_cgroup_remove(s.cgroup, false, e) : 0;
}

static int delete_one(const struct oci_globals *g, const char *id, bool force,
		      struct err *e)
{
	if (end(g, id, force, e) < 0)
		return force && e->kind == ERR_MISSING ? 0 : -1;
	return oci_forget(g, id, -1, e);
}

/* All of them are tried; the first that fails is told. */
static int delete_matching(const struct oci_globals *g, const regex_t *re,
			   bool force, struct err *e)
{
	AUTO(strv_free) char **ids = NULL;
	auto_fd root = oci_root(g, true, e);
	int r = 0;

	if (root < 0 || store_oci_list(root, &ids, e) < 0)
		return -1;
	strv_foreach (id, ids) {
		struct err why = ERR_INIT;

		if (regexec(re, *id, 0, NULL, 0) != 0 ||
		    delete_one(g, *id, force, &why) == 0)
			continue;
		if (r == 0)
			*e = why;
		r = -1;
	}
	return r;
}

static int delete_by_regex(const struct oci_globals *g, const char *text,
			   bool force, struct err *e)
{
	char why[128];
	regex_t re;
	int r = regcomp(&re, text, REG_EXTENDED | REG_NOSUB);

	if (r != 0) {
		regerror(r, &re, why, sizeof(why));
		return err_set(e, ERR_USAGE, "--regex %s: %s", text, why);
	}
	r = delete_matching(g, &re, force, e);
	regfree(&re);
	return r;
}

static int delete (const struct oci_command *c, struct oci_call *x,
		   struct err *e)
{
	struct delete_args a = { 0 };
	int r = oci_parse(c, x, &a, e);

	if (r)
		return r;
	return a.regex ? delete_by_regex(x->globals, x->words[0], a.force, e)
		       : delete_one(x->globals, x->words[0], a.force, e);
}

const struct oci_command oci_command_delete = {
	.name = "delete",
	.usage = "[flags] ID",
	.text = "remove what a container has left behind",
	.options = { .command = "delete",
		     .program = "immure-oci",
		     .rows = rows },
	.min = 1,
	.max = 1,
	.run = delete,
};
