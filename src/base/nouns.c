/*
 * nouns.c - frees the nouns of include/immure/, and looks in them. Each takes
 * NULL and half-built objects. A plan frees itself in plan/.
 */
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/path.h"
#include "base/strv.h"
#include "immure/cgroup.h"
#include "immure/host.h"
#include "immure/image.h"
#include "immure/policy.h"
#include "immure/request.h"
#include "immure/record.h"
#include "immure/seccomp.h"
#include "immure/spec.h"
#include "immure/verdict.h"

/* Frees each of n strings. */
static void free_all(char **strings[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(*strings[i]);
}
#define FREE_ALL(...)                                                          \
	do {                                                                   \
		char **all_[] = { __VA_ARGS__ };                               \
		free_all(all_, sizeof(all_) / sizeof(all_[0]));                \
	} while (0)

static void strv_free_all(char ***vectors[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		strv_free(*vectors[i]);
}
#define STRV_FREE_ALL(...)                                                     \
	do {                                                                   \
		char ***all_[] = { __VA_ARGS__ };                              \
		strv_free_all(all_, sizeof(all_) / sizeof(all_[0]));           \
	} while (0)

void host_free(struct host *h)
{
	size_t i;

	if (!h)
		return;
	for (i = 0; i < h->n_protected; i++) {
		free(h->protected_objects[i].path);
		free(h->protected_objects[i].parents);
	}
	free(h->protected_objects);
	for (i = 0; i < h->n_labels; i++)
		free(h->labels[i].name);
	free(h->labels);
	free(h->groups);
	free(h->subuid);
	free(h->subgid);
	FREE_ALL(&h->user, &h->home, &h->data_dir, &h->runtime_dir,
		 &h->state_dir, &h->newuidmap, &h->newgidmap, &h->arch,
		 &h->cgroup_controllers, &h->cgroup_place,
		 &h->scope_controllers, &h->scope_helper);
	free(h);
}

void cgroup_limits_done(struct cgroup_limits *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->n_huge; i++)
		free(l->huge[i].size);
	for (size_t i = 0; i < l->n_access; i++)
		free(l->access[i].access);
	free(l->huge);
	free(l->access);
	free(l->devices);
	FREE_ALL(&l->cpus, &l->mems);
	strv_free(l->unified);
	*l = (struct cgroup_limits){ 0 };
}

void cgroup_ask_done(struct cgroup_ask *c)
{
	if (!c)
		return;
	FREE_ALL(&c->parent, &c->slice, &c->name, &c->helper);
	STRV_FREE_ALL(&c->controllers, &c->set);
	*c = (struct cgroup_ask){ 0 };
}

enum label_mode host_label_mode(const struct host *h, const char *name)
{
	for (size_t i = 0; i < h->n_labels; i++)
		if (strcmp(h->labels[i].name, name) == 0)
			return h->labels[i].mode;
	return LABEL_ABSENT;
}

void image_config_done(struct image_config *c)
{
	if (!c)
		return;
	FREE_ALL(&c->os, &c->arch, &c->created, &c->user, &c->workdir,
		 &c->stop_signal);
	STRV_FREE_ALL(&c->env, &c->entrypoint, &c->cmd, &c->volumes, &c->labels,
		      &c->ports, &c->diff_ids);
	*c = (struct image_config){ 0 };
}

void image_free(struct image *i)
{
	size_t n;

	if (!i)
		return;
	image_config_done(&i->config);
	for (n = 0; n < i->n_layers; n++)
		free(i->layers[n].path);
	free(i->layers);
	FREE_ALL(&i->name, &i->passwd, &i->group);
	free(i);
}

void request_free(struct request *r)
{
	size_t i;

	if (!r)
		return;
	for (i = 0; i < r->n_mounts; i++)
		FREE_ALL(&r->mounts[i].type, &r->mounts[i].source,
			 &r->mounts[i].target);
	for (i = 0; i < r->n_rlimits; i++)
		free(r->rlimits[i].name);
	free(r->mounts);
	free(r->rlimits);
	cgroup_limits_done(&r->limits);
	FREE_ALL(&r->image, &r->rootfs, &r->user, &r->workdir, &r->hostname,
		 &r->name, &r->stop_signal, &r->caps, &r->seccomp, &r->landlock,
		 &r->landlock_rules, &r->seccomp_narrow, &r->record,
		 &r->record_mode, &r->record_calls, &r->apparmor, &r->selinux,
		 &r->userns, &r->pid, &r->ipc, &r->uts, &r->cgroupns,
		 &r->network, &r->cgroup_parent, &r->cgroups);
	STRV_FREE_ALL(&r->command, &r->entrypoint, &r->env, &r->annotations,
		      &r->labels, &r->devices, &r->cap_add, &r->cap_drop,
		      &r->uidmap, &r->gidmap);
	free(r);
}

void source_facts_done(struct source_facts *f)
{
	if (!f)
		return;
	free(f->resolved);
	free(f->parents);
	strv_free(f->sockets);
	*f = (struct source_facts){ 0 };
}

void blob_done(struct blob *b)
{
	if (!b)
		return;
	free(b->name);
	free(b->data);
	*b = (struct blob){ 0 };
}

static void spec_free_tree(struct spec *s)
{
	size_t i;

	for (i = 0; i < s->n_mounts; i++) {
		FREE_ALL(&s->mounts[i].type, &s->mounts[i].source,
			 &s->mounts[i].target, &s->mounts[i].data);
		free(s->mounts[i].uids);
		free(s->mounts[i].gids);
		source_facts_done(&s->mounts[i].facts);
	}
	for (i = 0; i < s->n_devices; i++) {
		FREE_ALL(&s->devices[i].path, &s->devices[i].source);
		source_facts_done(&s->devices[i].facts);
	}
	for (i = 0; i < s->n_files; i++)
		FREE_ALL(&s->files[i].path, &s->files[i].content);
	for (i = 0; i < s->n_links; i++)
		FREE_ALL(&s->links[i].path, &s->links[i].content);
	for (i = 0; i < s->n_layers; i++)
		free(s->layers[i].path);
	free(s->mounts);
	free(s->devices);
	free(s->files);
	free(s->links);
	free(s->layers);
}

static void free_blob(struct blob *b)
{
	if (b)
		blob_done(b);
	free(b);
}

uint64_t bundle_joined(const struct bundle *b)
{
	uint64_t all = 0;

	for (size_t i = 0; i < b->n_joins; i++)
		all |= b->joins[i].ns;
	return all;
}

void bundle_free(struct bundle *b)
{
	size_t i;

	if (!b)
		return;
	for (i = 0; i < b->n_joins; i++)
		free(b->joins[i].path);
	for (i = 0; i < b->n_devices; i++)
		free(b->devices[i].path);
	for (i = 0; i < b->n_hooks; i++) {
		free(b->hooks[i].path);
		STRV_FREE_ALL(&b->hooks[i].args, &b->hooks[i].env);
	}
	free(b->joins);
	free(b->passed);
	free(b->affinity.v);
	free(b->mempolicy.nodes.v);
	strv_free(b->entered_cgroup);
	cgroup_limits_done(&b->limits);
	free(b->devices);
	free(b->hooks);
	if (b->seccomp)
		seccomp_profile_done(b->seccomp);
	free(b->seccomp);
	FREE_ALL(&b->entered, &b->dir, &b->oci_version, &b->root_path,
		 &b->domainname, &b->cgroups_path);
	strv_free(b->warnings);
	free(b);
}

void spec_free(struct spec *s)
{
	size_t i;

	if (!s)
		return;
	spec_free_tree(s);
	for (i = 0; i < s->n_seccomp_filter; i++)
		blob_done(&s->seccomp_filter[i]);
	free(s->seccomp_filter);
	free_blob(s->record_filter);
	free_blob(s->record_judge);
	for (i = 0; i < s->n_landlock_rules; i++)
		free(s->landlock_rules[i].path);
	free(s->landlock_rules);
	FREE_ALL(&s->landlock_file, &s->seccomp_narrow);
	free(s->groups);
	free(s->uid_map);
	free(s->gid_map);
	free(s->rlimits);
	bundle_free(s->bundle);
	cgroup_ask_done(s->cgroup);
	free(s->cgroup);
	FREE_ALL(&s->cwd, &s->upper, &s->image_digest, &s->image_name,
		 &s->hostname, &s->apparmor, &s->selinux, &s->selinux_files,
		 &s->seccomp);
	STRV_FREE_ALL(&s->argv, &s->env, &s->masked, &s->readonly, &s->sysctls,
		      &s->annotations, &s->labels);
	free(s);
}

static void rule_done(struct rule *r)
{
	for (size_t i = 0; i < r->n_conds; i++) {
		free(r->conds[i].value);
		free(r->conds[i].parents);
	}
	free(r->conds);
	FREE_ALL(&r->file, &r->text);
}

char *policy_cond_path(const struct rule_cond *c, const char *home)
{
	if (!c->is_path || !c->value)
		return NULL;
	if (c->value[0] != '~')
		return xstrdup(c->value);
	return home ? path_join(home, c->value + 1) : NULL;
}

void policy_done(struct policy *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n; i++)
		rule_done(&p->rules[i]);
	free(p->rules);
	free(p->file);
	*p = (struct policy){ 0 };
}

void policy_set_free(struct policy_set *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++)
		policy_done(&s->layers[i]);
	free(s->layers);
	free(s);
}

static void finding_done(struct finding *f)
{
	for (size_t i = 0; i < f->n_matches; i++)
		FREE_ALL(&f->matches[i].rule, &f->matches[i].file);
	free(f->matches);
	FREE_ALL(&f->what, &f->rule, &f->file, &f->advice);
}

void verdict_free(struct verdict *v)
{
	if (!v)
		return;
	for (size_t i = 0; i < v->n; i++)
		finding_done(&v->findings[i]);
	free(v->findings);
	free(v);
}

void record_done(struct record *r)
{
	for (size_t i = 0; i < r->n; i++) {
		struct record_event *v = &r->v[i];

		FREE_ALL(&v->call, &v->path, &v->program, &v->at);
		for (size_t j = 0; j < v->n_needs; j++)
			free(v->needs[j].path);
		free(v->needs);
	}
	free(r->v);
	free(r->profile);
	free(r->arch);
	strv_free(r->command);
	*r = (struct record){ 0 };
}

void seccomp_profile_done(struct seccomp_profile *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n_rules; i++) {
		strv_free(p->rules[i].names);
		free(p->rules[i].args);
	}
	free(p->rules);
	FREE_ALL(&p->arch, &p->listener, &p->metadata);
	strv_free(p->arches);
	*p = (struct seccomp_profile){ 0 };
}
