/*
 * facts.h - what host objects really are: opened, followed, measured, with
 * the directories above them. The judge decides on these, never on paths.
 */
#ifndef ENGINE_FACTS_H
#define ENGINE_FACTS_H

#include "base/cleanup.h"
#include "immure/err.h"
#include "immure/spec.h"

/* What it is, without its name and the directories above: for devices and
 * lower directories. */
int facts_of_object(const char *path, struct source_facts *ret, struct err *e);
/* With them. ERR_MISSING when there is no such object: a source is never
 * created. */
int facts_of(const char *path, struct source_facts *ret, struct err *e);
DEFINE_AUTO_DONE(struct source_facts, source_facts_done);
/* For every bind and device of the spec; directories that are bound are
 * searched for sockets, but those whose facts say `unsearched` before. */
int facts_fill(struct spec *s, struct err *e);

#endif
