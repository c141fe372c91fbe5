/*
 * engine_part.h - what the engine adds to a spec between plan_resolve and
 * plan_build, made up: the host's tree, filters, rules of files.
 */
#ifndef TESTS_PLAN_ENGINE_PART_H
#define TESTS_PLAN_ENGINE_PART_H

#include <linux/mount.h>
#include <string.h>
#include "base/alloc.h"
#include "base/table.h"
#include "immure/spec.h"

/* --host: a directory, a link, a bind in front, as the engine finds them. */
static inline void case_host_tree(struct spec *s)
{
	struct spec_file *f = GROW(s->files, s->n_files);
	struct spec_file *l = GROW(s->links, s->n_links);

	s->n_files++, s->n_links++;
	f->path = xstrdup("/tmp");
	f->mode = 01777;
	l->path = xstrdup("/bin");
	l->content = xstrdup("usr/bin");
	(void)GROW(s->mounts, s->n_mounts);
	memmove(s->mounts + 1, s->mounts, s->n_mounts++ * sizeof(*s->mounts));
	s->mounts[0] = (struct spec_mount){
		.type = xstrdup("bind"),
		.source = xstrdup("/usr"),
		.target = xstrdup("/usr"),
		.attr = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
			MOUNT_ATTR_NODEV,
		.recursive = true,
	};
}

static inline struct blob *case_blob(const char *name, const char *part,
				     const char *eight)
{
	struct blob *b = xcalloc(1, sizeof(*b));

	b->name = xasprintf("%s%s", name, part);
	b->size = 8;
	b->data = xmemdup(eight, 8);
	return b;
}

/* The file that was named says this, whatever its name. */
static inline void case_rules(struct spec *s)
{
	static const struct landlock_path rules[] = {
		{ (char *)"/usr/lib", 1 << 2 },
		{ (char *)"/dev/null", 1 << 2 | 1 << 1 | 1 << 15 },
		{ (char *)"/etc", 1 << 2 | 1 << 15 | 1 << 6 },
		{ (char *)"/sys", 1 << 6 },
	};

	for (size_t i = 0; s->landlock_file && i < ARRAY_SIZE(rules); i++) {
		*GROW(s->landlock_rules, s->n_landlock_rules) = rules[i];
		s->landlock_rules[s->n_landlock_rules++].path =
			xstrdup(rules[i].path);
	}
}

static inline void case_filters(struct spec *s)
{
	size_t i;

	if (s->record) {
		s->record_filter = case_blob(s->seccomp, "/record", "askaskas");
		s->record_filter->flags = 1 << 3;
		s->record_judge = case_blob(s->seccomp, "", "allowall");
		return;
	}
	s->seccomp_filter = xcalloc(2, sizeof(*s->seccomp_filter));
	s->n_seccomp_filter = 2;
	for (i = 0; i < 2; i++) {
		struct blob *b = &s->seccomp_filter[i];

		b->name = xasprintf("%s%s", s->seccomp, i ? "/deny" : "");
		b->size = 8;
		b->data = xmemdup(i ? "denydeny" : "allowall", 8);
	}
}

#endif
