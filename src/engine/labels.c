/*
 * labels.c - looks labels up, so that planning needs no system call. Decides
 * nothing: plan/lockdown does.
 */
#include "engine/labels.h"

#include "base/alloc.h"
#include "base/cleanup.h"
#include "engine/mcs.h"
#include "kernel/apparmor.h"
#include "kernel/selinux.h"
#include "plan/context.h"

static void contexts_done(struct contexts *c)
{
	free(c->process);
	free(c->files);
}
DEFINE_AUTO_DONE(struct contexts, contexts_done);

static void add(struct host *h, const char *name, enum label_mode mode)
{
	*GROW(h->labels, h->n_labels) =
		(struct host_label){ xstrdup(name), mode };
	h->n_labels++;
}

int labels_look_up(const char *profile, struct host *h, struct err *e)
{
	enum label_mode mode;

	if (!h->apparmor)
		return 0;
	if (apparmor_mode(profile, &mode, e) < 0)
		return -1;
	add(h, profile, mode);
	return 0;
}

int labels_look_up_type(struct host *h, struct err *e)
{
	AUTO(contexts_done) struct contexts c = { 0 };
	auto_free char *own = NULL;
	enum label_mode mode;

	if (!h->selinux)
		return 0;
	if (selinux_own(&own, e) < 0 ||
	    context_make("", own, "s0:c0,c1", &c, e) < 0 ||
	    selinux_mode(c.process, &mode, e) < 0)
		return -1;
	add(h, CONTEXT_TYPE, mode);
	return 0;
}

/* A whole context keeps its level: who names it knows which are taken. */
static int fill_selinux(struct spec *s, struct host *h, int *ret_fd,
			struct err *e)
{
	AUTO(contexts_done) struct contexts c = { 0 };
	auto_free char *own = NULL, *level = NULL;
	enum label_mode mode;

	if (selinux_own(&own, e) < 0 ||
	    mcs_take(h->runtime_dir, &level, ret_fd, e) < 0 ||
	    context_make(s->selinux, own, level, &c, e) < 0 ||
	    selinux_mode(c.process, &mode, e) < 0)
		return -1;
	add(h, c.process, mode);
	free(s->selinux);
	s->selinux = TAKE(c.process);
	s->selinux_files = TAKE(c.files);
	return 0;
}

int labels_fill(struct spec *s, struct host *h, int *ret_fd, struct err *e)
{
	if (s->apparmor && s->apparmor_need != NEED_OFF &&
	    labels_look_up(s->apparmor, h, e) < 0)
		return -1;
	if (h->selinux && s->selinux && s->selinux_need != NEED_OFF)
		return fill_selinux(s, h, ret_fd, e);
	return 0;
}
