/*
 * run_set.h - the setters of run's table of flags. Each takes a struct
 * run_args as target; errors are ERR_USAGE.
 */
#ifndef CLI_RUN_SET_H
#define CLI_RUN_SET_H

#include "base/option.h"

typedef int option_setter(void *target, const struct option *o,
			  const char *value, struct err *e);

option_setter set_volume, set_mount, set_tmpfs, set_ulimit, set_device,
	set_idmap, set_pids_limit, set_timeout, set_storage_size,
	set_entrypoint, set_pair, set_name, set_stop_signal, set_network,
	set_cap, set_inert;
/* run_limits.c */
option_setter set_memory, set_memory_swap, set_cpus, set_quota, set_count,
	set_weight;

#endif
