/*
 * resolve_ids.c - which namespaces are new, and who is who in them. Pure.
 */
#include "plan/resolve_parts.h"

#include <sched.h>
#include <string.h>
#include <linux/sched.h>

#include "base/alloc.h"
#include "base/idspace.h"
#include "base/num.h"
#include "base/strv.h"
#include "base/table.h"
#include "plan/maps.h"

static const char *const ns_choices[] = { "private", "host", NULL };

int resolve_namespaces(struct resolving *x, struct err *e)
{
	const struct request *r = x->r;
	const struct {
		const char *flag, *value;
		uint64_t ns;
	} rows[] = {
		{ "--pid", r->pid, CLONE_NEWPID },
		{ "--ipc", r->ipc, CLONE_NEWIPC },
		{ "--uts", r->uts, CLONE_NEWUTS },
		{ "--cgroupns", r->cgroupns, CLONE_NEWCGROUP },
	};
	static const char *const net[] = { "none", "host", NULL };
	int choice;

	x->s->unshare = CLONE_NEWUSER | CLONE_NEWNS;
	if (x->host->has_timens)
		x->s->unshare |= CLONE_NEWTIME;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		choice = resolve_word(rows[i].value, ns_choices, rows[i].flag,
				      e);
		if (choice < 0)
			return -1;
		if (choice == 0)
			x->s->unshare |= rows[i].ns;
	}
	choice = resolve_word(r->network, net, "--network", e);
	if (choice == 0)
		x->s->unshare |= CLONE_NEWNET;
	if (r->uts && strcmp(r->uts, "host") == 0 && r->hostname)
		return err_set(e, ERR_USAGE,
			       "--uts host and --hostname: the host's name "
			       "would change");
	return choice < 0 ? -1 : 0;
}

static bool has_writable_bind(const struct request *r)
{
	for (size_t i = 0; i < r->n_mounts; i++)
		if (r->mounts[i].writable &&
		    strcmp(r->mounts[i].type, "bind") == 0)
			return true;
	return false;
}

/* CONTAINER:ID:COUNT words into rows. */
static int parse_rows(char *const *words, const char *flag,
		      struct idmap_list *ret, struct err *e)
{
	strv_foreach (word, words) {
		AUTO(strv_free) char **v = strv_split(*word, ':');
		struct spec_idmap m;

		if (strv_len(v) != 3)
			return err_set(e, ERR_USAGE,
				       "%s %s: expected CONTAINER:ID:COUNT",
				       flag, *word);
		if (num_u32(v[0], flag, &m.inside, e) < 0 ||
		    num_u32(v[1], flag, &m.outer, e) < 0 ||
		    num_u32(v[2], flag, &m.count, e) < 0)
			return -1;
		*GROW(ret->v, ret->n) = m;
		ret->n++;
	}
	return 0;
}

static int explicit_maps(struct resolving *x, struct idmap_list *uids,
			 struct idmap_list *gids, struct err *e)
{
	char **u = x->r->uidmap ? x->r->uidmap : x->r->gidmap;
	char **g = x->r->gidmap ? x->r->gidmap : x->r->uidmap;

	if (parse_rows(u, "--uidmap", uids, e) < 0)
		return -1;
	return parse_rows(g, "--gidmap", gids, e);
}

/* The id under which the caller appears; -1: under none. */
struct own {
	int64_t uid, gid;
};

static int choose(struct resolving *x, struct own *own, struct err *e)
{
	enum { AUTO_MAP, NOMAP, KEEP_ID, ROOT, SINGLE };
	static const char *const words[] = { "auto", "nomap",  "keep-id",
					     "root", "single", NULL };
	const struct host *h = x->host;
	int mode;

	if (x->r->userns && strcmp(x->r->userns, "host") == 0)
		return err_set(e, ERR_USAGE,
			       "--userns host: a sandbox without a user "
			       "namespace of its own is not offered; "
			       "--userns single maps just you");
	mode = resolve_word(x->r->userns, words, "--userns", e);
	if (mode < 0)
		return -1;
	/* Without subordinate ids there is one id, and it is the caller's. */
	if (mode == AUTO_MAP && (!h->n_subuid || !h->n_subgid))
		mode = SINGLE;
	x->s->single_id = mode == SINGLE;
	*own = (struct own){ -1, -1 };
	if (mode == SINGLE || mode == ROOT)
		*own = (struct own){ 0, 0 };
	else if (mode == KEEP_ID)
		*own = (struct own){ h->uid, h->gid };
	else if (mode == AUTO_MAP && has_writable_bind(x->r) && h->uid != 0)
		*own = (struct own){ x->s->uid, x->s->gid };
	if (mode == KEEP_ID && !x->r->user) {
		x->s->uid = h->uid;
		x->s->gid = h->gid;
	}
	return 0;
}

int resolve_maps(struct resolving *x, struct err *e)
{
	struct idmap_list uids = { 0 }, gids = { 0 };
	struct own own = { -1, -1 };
	const struct host *h = x->host;
	int r;

	if (x->r->uidmap || x->r->gidmap) {
		r = explicit_maps(x, &uids, &gids, e);
	} else {
		r = choose(x, &own, e);
		if (r == 0 && x->s->single_id) {
			maps_fill(&uids, 0, 0);
			maps_fill(&gids, 0, 0);
		} else if (r == 0) {
			maps_fill(&uids,
				  idspace_size(h->subuid, h->n_subuid) -
					  (h->uid == 0),
				  own.uid);
			maps_fill(&gids,
				  idspace_size(h->subgid, h->n_subgid) -
					  (h->uid == 0),
				  own.gid);
		}
	}
	x->s->uid_map = uids.v;
	x->s->n_uid_map = uids.n;
	x->s->gid_map = gids.v;
	x->s->n_gid_map = gids.n;
	return r;
}
