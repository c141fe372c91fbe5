/*
 * facts_required.c - whether what a policy can require is so: one fact each,
 * told by the other facts. They are answered by `require` rules alone.
 */
#include <linux/mount.h>
#include <stdio.h>
#include <string.h>
#include "base/table.h"
#include "policy/facts.h"

/* Is there a fact about this subject, and of this control (NULL: any)? */
static bool has(const struct facts *f, enum rule_subject subject,
		const char *control)
{
	for (size_t i = 0; i < f->n; i++) {
		const char *value = f->v[i].value[KEY_CONTROL];

		if (f->v[i].subject == subject &&
		    (!control || (value && strcmp(value, control) == 0)))
			return true;
	}
	return false;
}

/* Neither turned off nor missing on this host. */
static uint64_t is_on(const struct facts *f, const char *control)
{
	return !has(f, SUBJECT_UNCONFINED, control) &&
	       !has(f, SUBJECT_MISSING, control);
}

static uint64_t has_seccomp(const struct facts *f)
{
	return is_on(f, "seccomp");
}

/* Its version, for `abi`. */
static uint64_t has_landlock(const struct facts *f)
{
	const struct step *s = facts_find(f, OP_LANDLOCK);

	return s && is_on(f, "landlock") ? (uint64_t)s->landlock.abi : 0;
}

static uint64_t has_nnp(const struct facts *f)
{
	return is_on(f, "no_new_privs");
}

static uint64_t has_capabilities(const struct facts *f)
{
	return is_on(f, "capabilities");
}

static uint64_t has_label(const struct facts *f)
{
	return has(f, SUBJECT_LABEL, NULL) && is_on(f, "label");
}

static uint64_t has_masks(const struct facts *f)
{
	return !has(f, SUBJECT_MASK_REMOVAL, NULL);
}

static uint64_t has_namespaces(const struct facts *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].subject == SUBJECT_NAMESPACE &&
		    f->v[i].value[KEY_HOST])
			return 0;
	return 1;
}

static uint64_t is_unmapped(const struct facts *f)
{
	return !has(f, SUBJECT_USER_MAPPED, NULL);
}

static uint64_t is_nonroot(const struct facts *f)
{
	return facts_find(f, OP_IDS) && !has(f, SUBJECT_USER, NULL);
}

static uint64_t is_read_only(const struct facts *f)
{
	const struct step *dir = facts_find(f, OP_ROOTDIR);

	for (size_t i = 0; i < f->plan->n; i++) {
		const struct step *s = &f->plan->steps[i];

		if (s->op == OP_READONLY && s->need != NEED_OFF &&
		    strcmp(s->path.path, "/") == 0)
			return true;
	}
	return dir && dir->rootdir.attr & MOUNT_ATTR_RDONLY;
}

static uint64_t is_image(const struct facts *f)
{
	return has(f, SUBJECT_IMAGE, NULL);
}

static uint64_t is_pinned(const struct facts *f)
{
	return is_image(f) && f->plan->image_pinned;
}

/* Whether it can be written shows when it is: the engine refuses then. */
static uint64_t is_logged(const struct facts *f)
{
	(void)f;
	return true;
}

static uint64_t (*const is_so[])(const struct facts *) = {
	[REQUIRED_SECCOMP] = has_seccomp,
	[REQUIRED_LANDLOCK] = has_landlock,
	[REQUIRED_NNP] = has_nnp,
	[REQUIRED_CAPABILITIES] = has_capabilities,
	[REQUIRED_LABEL] = has_label,
	[REQUIRED_MASKS] = has_masks,
	[REQUIRED_NAMESPACES] = has_namespaces,
	[REQUIRED_UNMAPPED] = is_unmapped,
	[REQUIRED_NONROOT] = is_nonroot,
	[REQUIRED_READ_ONLY] = is_read_only,
	[REQUIRED_IMAGE] = is_image,
	[REQUIRED_PINNED] = is_pinned,
	[REQUIRED_AUDIT_LOG] = is_logged,
};
_Static_assert(ARRAY_SIZE(is_so) == REQUIRED_COUNT, "one row each");

static const struct {
	const char *word, *text;
} words[] = {
#define X(id, word, text) { word, text },
	POLICY_REQUIREMENTS(X)
#undef X
};

void facts_of_requirements(struct facts *f)
{
	uint64_t so[REQUIRED_COUNT] = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(is_so); i++)
		so[i] = is_so[i](f);
	for (size_t i = 0; i < ARRAY_SIZE(is_so); i++) {
		char version[32] = "";
		struct fact *fact;

		if (i == REQUIRED_LANDLOCK && so[i])
			snprintf(version, sizeof(version), ", version %u",
				 (unsigned)so[i]);

		fact = facts_add(f, SUBJECT_REQUIRE, -1, "required%s: %s%s",
				 so[i] ? "" : ", and missing", words[i].text,
				 version);
		fact->number = so[i];
		fact->value[KEY_REQUIRED] = words[i].word;
	}
}
