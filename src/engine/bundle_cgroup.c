/*
 * bundle_cgroup.c - a mount of type "cgroup": on cgroup v2 the one tree, on
 * v1 and on hybrid hosts a tmpfs with every hierarchy's cgroup of our own
 * bound into it. Makes no cgroup.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strv.h"
#include "engine/bundle_tree.h"

#define ROOT	 "/sys/fs/cgroup"
#define UNIFIED	 "unified"
#define LIST_MAX (64u << 10)

/* A line of /proc/PID/cgroup: "4:cpu,cpuacct:/a/b", "0::/a/b". */
struct line {
	char *controllers, *path;
};

static bool parse_line(char *text, struct line *l)
{
	if (!strsep(&text, ":") || !text)
		return false;
	l->controllers = strsep(&text, ":");
	l->path = text;
	if (!l->path)
		return false;
	if (strncmp(l->controllers, "name=", 5) == 0)
		l->controllers += 5;
	if (!*l->controllers)
		l->controllers = (char *)(uintptr_t)UNIFIED;
	return true;
}

/* Our own cgroup of a hierarchy; where that is not visible, what is mounted
 * there; NULL: it is not mounted. */
static char *source_of(const struct line *l)
{
	auto_free char *base = path_join(ROOT, l->controllers);
	auto_free char *own = path_join(base, l->path);

	if (path_is_there(own))
		return path_clean(own);
	return path_is_there(base) ? TAKE(base) : NULL;
}

/* The container's own, which the plan makes; NULL: it makes none there. */
static char *made_source(const struct spec *s, const struct line *l)
{
	const struct cgroup_ask *c = s->cgroup;
	auto_free char *first =
		xstrndup(l->controllers, strcspn(l->controllers, ","));
	auto_free char *base = path_join(ROOT, l->controllers);
	auto_free char *named = xasprintf("name=%s", l->controllers);
	auto_free char *parent = NULL, *own = NULL;

	if (strcmp(first, UNIFIED) == 0)
		*first = '\0';
	if (!c || (!strv_has(c->controllers, first) &&
		   !strv_has(c->controllers, named)))
		return NULL;
	parent = path_join(base, c->parent ? c->parent : l->path);
	own = path_join(parent, c->name);
	return path_clean(own);
}

static struct spec_mount *insert(struct spec *s, size_t at)
{
	struct spec_mount *m;

	(void)GROW(s->mounts, s->n_mounts);
	m = s->mounts + at;
	memmove(m + 1, m, (s->n_mounts - at) * sizeof(*m));
	s->n_mounts++;
	*m = (struct spec_mount){ 0 };
	return m;
}

/* "cpu" -> "cpu,cpuacct" */
static void add_links(struct spec *s, const char *target, const char *all)
{
	AUTO(strv_free) char **names = strv_split(all, ',');

	if (strv_len(names) < 2)
		return;
	strv_foreach (name, names) {
		struct spec_file *f = GROW(s->links, s->n_links);

		s->n_links++;
		f->path = path_join(target, *name);
		f->content = xstrdup(all);
	}
}

static void set_type(struct spec_mount *m, const char *type, char *source)
{
	free(m->type);
	free(m->source);
	free(m->data);
	m->type = xstrdup(type);
	m->source = source;
	m->data = NULL;
}

/* v1: the mount itself becomes a tmpfs, the hierarchies follow it. */
static void expand_v1(struct spec *s, size_t i, char *list)
{
	size_t at = i + 1;
	char *text;

	set_type(&s->mounts[i], "tmpfs", xstrdup("cgroup"));
	s->mounts[i].data = xstrdup("mode=755");
	while ((text = strsep(&list, "\n"))) {
		struct spec_mount *m;
		struct line l;
		char *source, *made;

		if (!parse_line(text, &l))
			continue;
		made = made_source(s, &l);
		source = made ? made : source_of(&l);
		if (!source)
			continue;
		m = insert(s, at++);
		m->type = xstrdup("bind");
		m->source = source;
		m->made = made;
		if (made)
			m->facts.mode = S_IFDIR | 0755;
		m->target = path_join(s->mounts[i].target, l.controllers);
		/* what somebody mounted in there can only come along */
		m->recursive = true;
		m->attr = m->all_set = s->mounts[i].attr;
		add_links(s, s->mounts[i].target, l.controllers);
	}
}

/* v2: of a cgroup namespace its own root; else the cgroup that we are in. */
static void expand_v2(struct spec *s, size_t i, char *list)
{
	char *own = strstr(list, "0::");

	if (s->unshare & CLONE_NEWCGROUP || !own) {
		set_type(&s->mounts[i], "cgroup2", xstrdup("cgroup"));
		return;
	}
	own += 3;
	own[strcspn(own, "\n")] = '\0';
	set_type(&s->mounts[i], "bind", path_join(ROOT, own));
	s->mounts[i].recursive = true;
}

static void expand(struct spec *s, size_t i, const struct host *h,
		   const char *list)
{
	auto_free char *text = xstrdup(list);

	if (h->cgroup == CGROUP_V2)
		expand_v2(s, i, text);
	else
		expand_v1(s, i, text);
}

int bundle_cgroup_expand(struct spec *s, const struct host *h, struct err *e)
{
	AUTO(buf_done) struct buf list = BUF_INIT;
	auto_fd fd = -1;

	for (size_t i = 0; i < s->n_mounts; i++) {
		if (strcmp(s->mounts[i].type, "cgroup") != 0)
			continue;
		if (fd < 0) {
			fd = path_open(AT_FDCWD, "/proc/self/cgroup", PATH_HOST,
				       O_RDONLY, 0);
			if (fd < 0)
				return err_sys(e, "open /proc/self/cgroup");
			if (file_read_fd(fd, LIST_MAX, "/proc/self/cgroup",
					 &list, e) < 0)
				return -1;
		}
		expand(s, i, h, list.p ? list.p : "");
	}
	return 0;
}
