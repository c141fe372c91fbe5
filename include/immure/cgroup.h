/*
 * cgroup.h - limits that a cgroup holds, as they were asked for, and the cgroup
 * of a container, decided.
 */
#ifndef IMMURE_CGROUP_H
#define IMMURE_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What --memory, --cpus, …, or `linux.resources` of a bundle, ask. */
#define CGROUP_UNLIMITED (-1)
struct cgroup_device { /* a block device, and how much of it */
	uint32_t major, minor;
	uint32_t weight; /* 10 … 1000; 0: not said */
	/* a second: 0: not said */
	uint64_t read_bytes, write_bytes, reads, writes;
};
struct cgroup_huge {
	char *size;	/* "2MB" */
	uint64_t limit; /* bytes */
};
struct cgroup_access { /* a row of the list of devices */
	bool allow;
	char type;	      /* 'a', 'b', 'c' */
	int64_t major, minor; /* -1: any */
	char *access;	      /* "rwm" */
};
struct cgroup_limits {
	/* bytes; 0: not said, CGROUP_UNLIMITED */
	int64_t memory, reservation;
	int64_t swap; /* memory and swap together */
	/* 1 more than what was said, so that 0 is: not said */
	uint32_t swappiness;
	int64_t kernel, kernel_tcp; /* version 1 only */
	bool no_oom_killer;	    /* version 1 only */
	uint64_t cpu_shares;	    /* 2 … 262144; 0: not said */
	int64_t cpu_quota;	    /* µs in each period */
	uint64_t cpu_period, cpu_burst;
	int64_t cpu_realtime; /* µs; version 1 only */
	uint64_t cpu_realtime_period;
	uint32_t cpu_idle; /* 1 more than what was said */
	char *cpus, *mems; /* "0-2,7" */
	int64_t pids;
	uint32_t io_weight; /* 10 … 1000 */
	struct cgroup_device *devices;
	size_t n_devices;
	struct cgroup_huge *huge;
	size_t n_huge;
	struct cgroup_access *access;
	size_t n_access;
	char **unified; /* FILE=VALUE of version 2, written as they are */
};
void cgroup_limits_done(struct cgroup_limits *l);

/* Where the cgroup is made. */
enum cgroup_how {
	CGROUP_DIRECTORY, /* in a directory that is there */
	CGROUP_SCOPE,	  /* in a scope that systemd makes for us */
	CGROUP_UNIT,	  /* a scope that systemd puts the child in */
};

/* A container's cgroup, decided: operands of the step `cgroup`. */
struct cgroup_ask {
	uint32_t how;  /* enum cgroup_how */
	uint32_t mode; /* enum cgroup_mode */
	/* DIRECTORY: the cgroup that it is made in, the same in every
	 * hierarchy; NULL: the launcher's own. Else none */
	char *parent;
	char *slice;	    /* of the scope; NULL: the usual one */
	char *name;	    /* NULL: one that nobody has. UNIT: of the scope */
	char *helper;	    /* of scopes: the program that asks systemd */
	bool aside;	    /* the launcher moves to a cgroup beside it first */
	bool make_parents;  /* missing directories on the way, too */
	char **controllers; /* that must be in force in it */
	char **set;	    /* FILE=VALUE, in order; see kernel/cgroup.h */
};
void cgroup_ask_done(struct cgroup_ask *c);

/* What a cgroup has used. */
#define CGROUP_UNKNOWN UINT64_MAX /* not counted here, or no limit */
struct cgroup_psi {		  /* pressure: hundredths of a per cent */
	uint64_t some10, full10;
	uint64_t some_us, full_us; /* in all */
};
struct cgroup_stat {
	/* bytes, and how often it was at its limit */
	uint64_t memory, memory_peak, memory_limit, memory_failures;
	uint64_t memory_file, memory_anon, memory_kernel;
	/* version 1: memory and swap together */
	uint64_t swap, swap_limit;
	uint64_t oom_kills;
	uint64_t cpu_us, cpu_user_us, cpu_system_us;
	uint64_t periods, throttled_periods, throttled_us;
	uint64_t pids, pids_limit;
	uint64_t read_bytes, written_bytes, reads, writes;
	struct cgroup_psi memory_pressure, cpu_pressure, io_pressure;
};

#endif
