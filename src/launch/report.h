/*
 * report.h - what the kernel reports of a prepared child, read from outside
 * (/proc/PID of the host). Filled by launch/verify, shown by `--explain`.
 */
#ifndef LAUNCH_REPORT_H
#define LAUNCH_REPORT_H

#include <stdint.h>

struct report {
	uint32_t uid[4], gid[4]; /* real, effective, saved, fs; host view */
	uint64_t cap_inh, cap_prm, cap_eff, cap_bnd, cap_amb;
	int no_new_privs;
	int seccomp;	     /* 2: filter */
	int seccomp_filters; /* those of the plan; inherited ones aside */
	uint64_t ignored;    /* signals it inherited as ignored; bit n-1: n */
	uint32_t umask;
	uint32_t groups[256];
	int n_groups;
	uint64_t new_namespaces; /* CLONE_NEW* that differ from ours */
	int n_mounts, n_readonly;
	char label[160]; /* as the module tells it, cut; "": none */
	char uid_map[256], gid_map[256]; /* host view, one row a line */
};

#endif
