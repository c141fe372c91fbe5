/*
 * fixture.h - policies on the made-up host of policy/model.h, so that a test
 * is a line. Nothing here touches the real host.
 */
#ifndef TESTS_POLICY_FIXTURE_H
#define TESTS_POLICY_FIXTURE_H

#include <linux/mount.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include "unit.h"
#include "base/alloc.h"
#include "base/defaults.h"
#include "base/file.h"
#include "base/strv.h"
#include "format/policy_text.h"
#include "policy/explain.h"
#include "policy/judge.h"
#include "policy/model.h"

#define FIXTURE __attribute__((unused)) static

#define IMAGE_NAME "docker.io/library/debian:12"

FIXTURE void free_strings(char *a, char *b, char *c)
{
	free(a);
	free(b);
	free(c);
}

/* ---- policies ---- */

FIXTURE void add_layer(struct policy_set *set, const char *file,
		       const char *text)
{
	struct policy *p = GROW(set->layers, set->n);
	struct err e = ERR_INIT;

	assert_ok(policy_text_parse(file, text, strlen(text), p, &e), &e);
	set->n++;
	model_resolve(p);
}

FIXTURE struct policy_set *new_set(const char *file, const char *text)
{
	struct policy_set *set = xcalloc(1, sizeof(*set));

	add_layer(set, file, text);
	return set;
}

/* A policy that is shipped: "default". */
FIXTURE struct policy_set *shipped(const char *name)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	auto_free char *path = xasprintf("policy/%s.policy", name);
	struct err e = ERR_INIT;

	assert_ok(file_read(path, POLICY_MAX, &b, &e), &e);
	return new_set(path, b.p);
}

#endif
