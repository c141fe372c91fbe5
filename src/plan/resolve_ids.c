/*
 * resolve_ids.c - which namespaces are new, who the program is, and which ids
 * exist inside.
 *
 * In the id space, id 0 is the caller and ids 1… are its subordinate ids. By
 * default the sandbox gets ids 1… only: the caller does not exist in it.
 * With a writable bind and no --userns the caller becomes the program's user,
 * so that what it writes is the caller's; the plan shows it.
 */
#include "plan/resolve_parts.h"

#include <string.h>
#include <linux/sched.h>

#include "base/alloc.h"
#include "base/idspace.h"
#include "base/num.h"
#include "base/strv.h"
#include "plan/maps.h"

enum userns_mode { NOMAP, KEEP_ID, ROOT, SINGLE, HOST };

static const struct word userns_words[] = {
	{ "nomap", NOMAP },   { "keep-id", KEEP_ID }, { "root", ROOT },
	{ "single", SINGLE }, { "host", HOST },	      { NULL, 0 },
};
static const struct word private_words[] = { { "private", 1 },
					     { "host", 0 },
					     { NULL, 0 } };
static const struct word network_words[] = {
	{ "none", 1 }, { "private", 1 }, { "host", 0 }, { NULL, 0 }
};

static int add_namespaces(struct resolve *v, struct err *e)
{
	const struct request *r = v->r;
	const struct {
		struct choice choice;
		uint64_t ns;
	} rows[] = {
		{ { "--pid", r->pid, "private", private_words }, CLONE_NEWPID },
		{ { "--network", r->network, "none", network_words },
		  CLONE_NEWNET },
		{ { "--ipc", r->ipc, "private", private_words }, CLONE_NEWIPC },
		{ { "--uts", r->uts, "private", private_words }, CLONE_NEWUTS },
		{ { "--cgroupns", r->cgroupns, "private", private_words },
		  CLONE_NEWCGROUP },
	};
	uint64_t is_new;
	size_t i;

	v->s->unshare = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWTIME;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (resolve_word(&rows[i].choice, &is_new, e))
			return -1;
		if (is_new)
			v->s->unshare |= rows[i].ns;
	}
	return 0;
}

static int parse_rows(char *const *words, const char *flag,
		      struct idmap_list *ret, struct err *e)
{
	for (; *words; words++) {
		AUTO(strv_free) char **part = strv_split(*words, ':');
		uint32_t id[3];
		size_t i;

		if (strv_len(part) != 3)
			return err_set(e, ERR_USAGE,
				       "%s %s: expected INSIDE:ID:COUNT", flag,
				       *words);
		for (i = 0; i < 3; i++)
			if (num_u32(part[i], flag, &id[i], e))
				return -1;
		if (!id[2])
			return err_set(e, ERR_USAGE, "%s %s: no ids", flag,
				       *words);
		*GROW(ret->v, ret->n) =
			(struct spec_idmap){ id[0], id[1], id[2] };
		ret->n++;
	}
	return 0;
}

/* --uidmap alone is for groups, too; and the other way round. */
static int explicit_maps(const struct request *r, struct idmap_list *uids,
			 struct idmap_list *gids, struct err *e)
{
	char **u = r->uidmap ? r->uidmap : r->gidmap;
	char **g = r->gidmap ? r->gidmap : r->uidmap;

	if (parse_rows(u, "--uidmap", uids, e))
		return -1;
	return parse_rows(g, "--gidmap", gids, e);
}

static bool writes_to_host(const struct request *r)
{
	size_t i;

	for (i = 0; i < r->n_mounts; i++)
		if (strcmp(r->mounts[i].type, "bind") == 0 &&
		    r->mounts[i].writable)
			return true;
	return false;
}

/* The ids above 0. Started by root, id 0 is a subordinate id itself. */
static uint32_t size_of(const struct host *h, const struct id_range *v,
			size_t n)
{
	uint32_t size = idspace_size(v, n);

	return size && h->uid == 0 ? size - 1 : size;
}

static void fill_maps(const struct resolve *v, enum userns_mode mode,
		      struct idmap_list *uids, struct idmap_list *gids)
{
	const struct host *h = v->host;
	uint32_t n_uids = size_of(h, h->subuid, h->n_subuid);
	uint32_t n_gids = size_of(h, h->subgid, h->n_subgid);
	int64_t uid = v->s->uid, gid = v->s->gid; /* KEEP_ID, SINGLE */

	if (mode == NOMAP)
		uid = gid = -1;
	if (mode == ROOT)
		uid = gid = 0;
	if (mode == SINGLE) {
		*GROW(uids->v, uids->n) =
			(struct spec_idmap){ v->s->uid, 0, 1 };
		*GROW(gids->v, gids->n) =
			(struct spec_idmap){ v->s->gid, 0, 1 };
		uids->n = gids->n = 1;
		return;
	}
	maps_fill(uids, n_uids, uid);
	maps_fill(gids, n_gids, gid);
}

static bool says_ids(const struct request *r)
{
	return r->userns || r->uidmap || r->gidmap;
}

bool plan_is_forced_single(const struct request *r, const struct host *h)
{
	bool has_helper = h->uid == 0 || (h->newuidmap && h->newgidmap);

	return !says_ids(r) && (!h->n_subuid || !h->n_subgid || !has_helper);
}

/* Nobody said which ids exist: by what is written to, and by what there is.
 * Without subordinate ids there is one id and it is the caller's; the plan
 * shows it and the policy decides. */
static enum userns_mode choose(const struct resolve *v)
{
	const struct host *h = v->host;

	if (plan_is_forced_single(v->r, h))
		return SINGLE;
	return h->uid != 0 && writes_to_host(v->r) ? KEEP_ID : NOMAP;
}

static int add_maps(struct resolve *v, enum userns_mode mode, struct err *e)
{
	struct idmap_list uids = { 0 }, gids = { 0 };
	const struct request *r = v->r;
	int ret = 0;

	if (r->uidmap || r->gidmap)
		ret = explicit_maps(r, &uids, &gids, e);
	else
		fill_maps(v, mode, &uids, &gids);
	v->s->uid_map = uids.v;
	v->s->n_uid_map = uids.n;
	v->s->gid_map = gids.v;
	v->s->n_gid_map = gids.n;
	return ret;
}

/* Who runs: the resolved user; with keep-id and no --user, the caller. */
static void add_user(struct resolve *v, enum userns_mode mode)
{
	const struct resolved_user *u = v->user;
	struct spec *s = v->s;

	s->uid = u->uid;
	s->gid = u->gid;
	if (mode == KEEP_ID && v->r->userns && !v->r->user) {
		s->uid = v->host->uid;
		s->gid = v->host->gid;
		s->groups = xmemdup(&s->gid, sizeof(s->gid));
		s->n_groups = 1;
	} else if (mode != SINGLE && u->n_groups) {
		s->groups =
			xmemdup(u->groups, u->n_groups * sizeof(*u->groups));
		s->n_groups = u->n_groups;
	}
}

int resolve_ids(struct resolve *v, struct err *e)
{
	const struct request *r = v->r;
	const struct choice userns = { "--userns", r->userns, "nomap",
				       userns_words };
	uint64_t mode;

	if (add_namespaces(v, e) || resolve_word(&userns, &mode, e))
		return -1;
	if (mode == HOST)
		return err_set(e, ERR_USAGE,
			       "--userns=host: a sandbox always has its own "
			       "user namespace; --userns=keep-id keeps your "
			       "uid in it");
	if (!says_ids(r))
		mode = choose(v);
	v->s->single_id = mode == SINGLE;
	add_user(v, (enum userns_mode)mode);
	return add_maps(v, (enum userns_mode)mode, e);
}
