/*
 * root.c - where the state of containers is: --root, or for root of the first
 * user namespace /run/immure-oci, else below XDG_RUNTIME_DIR.
 */
#include <stdlib.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/path.h"
#include "format/oci_state.h"
#include "oci/oci.h"
#include "store/oci.h"

static char *place(const struct oci_globals *g, struct err *e)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char *path;

	if (g->root) {
		path = path_absolute(g->root);
		if (!path)
			err_sys(e, "--root %s", g->root);
		return path;
	}
	if (runtime && *runtime == '/' &&
	    (geteuid() != 0 || !store_oci_is_first_userns()))
		return path_join(runtime, "immure-oci");
	return xstrdup("/run/immure-oci");
}

int oci_root(const struct oci_globals *g, bool make, struct err *e)
{
	auto_free char *path = place(g, e);

	return path ? store_oci_open(path, make, e) : -1;
}

int oci_load(const struct oci_globals *g, const char *id, int *ret_dir,
	     struct oci_state *ret, struct err *e)
{
	struct err why = ERR_INIT;
	auto_fd root = -1, dir = -1;

	if (store_oci_check_id(id, e) < 0)
		return -1;
	root = oci_root(g, false, &why);
	if (root < 0 && why.kind == ERR_MISSING)
		return err_set(e, ERR_MISSING, "container %s does not exist",
			       id);
	if (root < 0) {
		*e = why;
		return -1;
	}
	dir = store_oci_find(root, id, e);
	if (dir < 0)
		return -1;
	if (store_oci_load(dir, ret, e) < 0)
		return e->kind == ERR_MISSING
			       ? err_set(e, ERR_CONFLICT,
					 "container %s was never finished: "
					 "delete --force %s",
					 id, id)
			       : -1;
	*ret_dir = TAKE_FD(dir);
	return 0;
}
