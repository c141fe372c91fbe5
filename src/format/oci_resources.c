/*
 * oci_resources.c - `linux.resources` of a config.json: limits by cgroups.
 * None of them is applied yet: what is asked for is refused, never dropped,
 * unless the caller has disabled cgroups.
 */
#include "format/oci_parts.h"

#define WHY                                                                    \
	"cgroups are not written yet; without them: --cgroup-manager "         \
	"disabled (podman: --cgroups=disabled)"
#define LIMIT(name_)                                                           \
	{                                                                      \
		.name = name_, .resource = WHY                                 \
	}

static const struct oci_member memory[] = {
	LIMIT("limit"),
	LIMIT("reservation"),
	LIMIT("swap"),
	LIMIT("kernel"),
	LIMIT("kernelTCP"),
	LIMIT("swappiness"),
	LIMIT("useHierarchy"),
	LIMIT("disableOOMKiller"),
	LIMIT("checkBeforeUpdate"),
	OCI_END,
};
static const struct oci_member cpu[] = {
	LIMIT("shares"),
	LIMIT("quota"),
	LIMIT("burst"),
	LIMIT("period"),
	LIMIT("realtimeRuntime"),
	LIMIT("realtimePeriod"),
	LIMIT("cpus"),
	LIMIT("mems"),
	LIMIT("idle"),
	OCI_END,
};
static const struct oci_member block_io[] = {
	LIMIT("weight"),
	LIMIT("leafWeight"),
	LIMIT("weightDevice"),
	LIMIT("throttleReadBpsDevice"),
	LIMIT("throttleWriteBpsDevice"),
	LIMIT("throttleReadIOPSDevice"),
	LIMIT("throttleWriteIOPSDevice"),
	OCI_END,
};
static const struct oci_member pids[] = { LIMIT("limit"), OCI_END };
static const struct oci_member network[] = { LIMIT("classID"),
					     LIMIT("priorities"), OCI_END };

const struct oci_member oci_resources[] = {
	LIMIT("devices"),
	{ "memory", .members = memory },
	{ "cpu", .members = cpu },
	{ "pids", .members = pids },
	{ "blockIO", .members = block_io },
	LIMIT("hugepageLimits"),
	{ "network", .members = network },
	LIMIT("rdma"),
	LIMIT("unified"),
	OCI_END,
};
