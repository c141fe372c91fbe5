/*
 * userns.c - reads our own uid_map. Enters no namespace.
 */
#include "base/userns.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"

#define MAP	"/proc/self/uid_map"
#define MAP_MAX (64u << 10)

int userns_map_above(const char *map, uid_t uid, uid_t *ret, struct err *e)
{
	uint32_t inside, outside, count;

	while (*map) {
		if (sscanf(map, "%" SCNu32 " %" SCNu32 " %" SCNu32, &inside,
			   &outside, &count) == 3 &&
		    uid >= inside && uid - inside < count) {
			*ret = outside + (uid - inside);
			return 0;
		}
		map += strcspn(map, "\n");
		map += *map == '\n';
	}
	return err_set(e, ERR_HOST,
		       "user %u has no name outside of this user namespace",
		       uid);
}

int userns_uid_above(uid_t uid, uid_t *ret, struct err *e)
{
	AUTO(buf_done) struct buf map = BUF_INIT;

	if (file_read(MAP, MAP_MAX, &map, e) < 0)
		return -1;
	return userns_map_above(map.p ? map.p : "", uid, ret, e);
}
