/*
 * model.h - a made-up host, its files and users, and an ordinary plan, so
 * that a question to a policy is a line of text wherever it is asked: in the
 * tests, by `immure policy test`, and in the corpus that `immure policy diff`
 * goes through. Nothing here touches the real host. Pure.
 *
 * The caller is u, uid and gid 1000, home /home/u, subordinate ids from
 * 100000 on; another user is guest, uid and gid 2000.
 */
#ifndef POLICY_MODEL_H
#define POLICY_MODEL_H

#include <stdbool.h>
#include "base/cleanup.h"
#include "immure/host.h"
#include "immure/plan.h"
#include "immure/policy.h"

#define MODEL_HOME "/home/u"

enum { MODEL_OPEN, MODEL_OBJECT, MODEL_TREE };

struct model_file {
	const char *path;
	uint64_t ino;
	const char *in; /* the directory above it */
	uint32_t mode, uid;
	int protected;	  /* not, itself, all below it, too */
	const char *real; /* what the path is an alias of */
};

/* NULL: there is no such file. */
const struct model_file *model_find(const char *path);
struct object_id model_id(const struct model_file *f);
/* The directories above it, nearest first; heap. */
struct object_id *model_parents(const struct model_file *f, size_t *n);
struct host *model_host(void);
/* An image, run as root of the sandbox, behind every wall. */
struct plan *model_plan(void);
DEFINE_AUTO(struct host *, host_free);
DEFINE_AUTO(struct plan *, plan_free);
/* Gives conditions the objects and ids of the made-up host. A user that it
 * has not is nobody. */
void model_resolve(struct policy *p);

/* Parts of plans. */
struct step *model_add(struct plan *p, enum op op);
void model_map(struct idmap_list *l, uint32_t inside, uint32_t outer,
	       uint32_t count);
void model_filter(struct plan *p, const char *name, char digit);
void model_device(struct plan *p, const char *source, uint64_t rdev,
		  bool writable);

#endif
