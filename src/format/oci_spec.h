/*
 * oci_spec.h - an OCI bundle's config.json (runtime-spec 1.3, Linux) as a
 * spec. One table a JSON object names every member of the specification:
 * what is read, what is known and refused with the reason, what has no effect
 * here. The same tables answer `features`. Pure.
 *
 * Unknown members are ignored, as the specification demands, and told in
 * bundle.warnings; one that differs from a known one only in case is refused.
 */
#ifndef FORMAT_OCI_SPEC_H
#define FORMAT_OCI_SPEC_H

#include <stdbool.h>
#include "base/buf.h"
#include "base/json.h"
#include "base/table.h"
#include "format/seccomp_json.h"
#include "immure/spec.h"

#define OCI_SPEC_MAX	  (4u << 20) /* bytes of a config.json */
#define OCI_VERSION	  "1.3.0"    /* what is printed as ours */
#define OCI_VERSION_FIRST "1.0.0"

struct oci_facts {
	/* caps is filled here; arch NULL: linux.seccomp is not read */
	struct seccomp_facts host;
	bool no_cgroups; /* resources and cgroupsPath are without effect */
	/* a `process` of its own, in place of the document's; or NULL */
	const struct buf *process;
	const char *process_name; /* for messages */
};

/*
 * NULL with *e: ERR_INPUT for what is wrong, ERR_HOST for what is known and
 * refused. The spec has a bundle; its maps, paths of the host and filters are
 * the engine's to complete.
 */
struct spec *oci_spec_parse(const char *name, const struct buf *text,
			    const struct oci_facts *facts, struct err *e);

/* The namespace (CLONE_NEW*) that a parameter of the kernel belongs to, its
 * name with dots; 0: the host's, or not known. */
uint64_t oci_sysctl_namespace(const char *name);

/* The document of `update`: linux.resources alone. */
int oci_resources_parse(const char *name, const struct buf *text,
			struct cgroup_limits *ret, struct err *e);

/* ---- for `features` ---- */
/* The words of mounts[].options with a meaning of their own, one by one. */
const char *oci_mount_word(size_t i);	   /* NULL: no more */
extern const struct word oci_namespaces[]; /* "mount" -> CLONE_NEWNS … */
/*
 * Is the member at this path ("linux.intelRdt") one that is read? No such
 * member: false.
 */
bool oci_spec_reads(const char *path);

#endif
