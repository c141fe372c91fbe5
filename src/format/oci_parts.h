/*
 * oci_parts.h - what the files that read a config.json share: the row of a
 * member and the readers of plain values. Not for other layers.
 */
#ifndef FORMAT_OCI_PARTS_H
#define FORMAT_OCI_PARTS_H

#include "format/oci_spec.h"

struct oci { /* a config.json being read */
	const struct oci_facts *facts;
	struct spec *s;
	struct bundle *b; /* of s */
};

typedef int oci_read(struct oci *o, struct json_object *v, struct err *e);

/* One member of an object. The first of these that is set counts. */
struct oci_member {
	const char *name;		  /* NULL ends the table */
	oci_read *read;			  /* takes the value */
	const struct oci_member *members; /* it is an object with these */
	const char *refused;  /* an error when it says anything: the reason */
	const char *ignored;  /* without effect: the reason */
	const char *resource; /* refused, unless there are no cgroups */
};
#define OCI_END                                                                \
	{                                                                      \
		.name = NULL                                                   \
	}

/* A reader that stores one value. */
#define READER(fn, call)                                                       \
	static int fn(struct oci *o, struct json_object *v, struct err *e)     \
	{                                                                      \
		return call;                                                   \
	}

/* Every member of `v` by its row. */
int oci_walk(struct oci *o, struct json_object *v,
	     const struct oci_member *table, struct err *e);
/* `read` for each element of an array, at most `max`. */
int oci_each(struct oci *o, struct json_object *v, size_t max, oci_read *read,
	     struct err *e);
/* Does it say anything: not null, false, 0, "" or empty? */
bool oci_says(struct json_object *v);
/* What was accepted without effect, once. */
void oci_warn(struct oci *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A value of its type; outputs are written only on success. */
int oci_str(struct json_object *v, char **ret, struct err *e);
int oci_strv(struct json_object *v, char ***ret, struct err *e);
int oci_bool(struct json_object *v, bool *ret, struct err *e);
int oci_u32(struct json_object *v, uint32_t *ret, struct err *e);
int oci_u64(struct json_object *v, uint64_t *ret, struct err *e);
int oci_int(struct json_object *v, int min, int max, int *ret, struct err *e);
/* The value of the word, or ERR_INPUT with the nearest. */
int oci_word(struct json_object *v, const struct word *table, uint64_t *ret,
	     struct err *e);
/* "KEY<sep>VALUE" for each member of an object of strings. */
int oci_map(struct json_object *v, char sep, char ***ret, struct err *e);
/* A clean absolute path; a relative one starts at "/". */
int oci_path(struct json_object *v, char **ret, struct err *e);

/* ---- the objects ---- */
extern const struct oci_member oci_process[];
extern const struct oci_member oci_linux[];
extern const struct oci_member oci_resources[];
/* One row of a map, added. */
int oci_map_row(struct json_object *v, struct spec_idmap **rows, size_t *n,
		struct err *e);
oci_read oci_mounts;
/* ---- oci_sched.c ---- */
oci_read oci_scheduler, oci_io_priority, oci_memory_policy;
extern const struct oci_member oci_affinity[];
/* Each belongs to a namespace that the container has. */
int oci_check_sysctls(struct oci *o, struct err *e);

#endif
