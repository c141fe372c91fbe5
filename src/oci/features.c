/*
 * features.c - `immure-oci features`: what a config.json may ask for, from
 * the tables that read it.
 */
#include "base/defaults.h"
#include "base/json.h"
#include "base/sched_words.h"
#include "base/table.h"
#include "format/oci_spec.h"
#include "format/seccomp_words.h"
#include "oci/oci.h"
#include "plan/ops.h"

static void put_words(struct json_out *j, const char *key,
		      const struct word *table)
{
	json_out_array(j, key);
	for (; table->name; table++)
		json_out_str(j, NULL, table->name);
	json_out_array_end(j);
}

static void put_mount_options(struct json_out *j)
{
	const char *word;

	json_out_array(j, "mountOptions");
	for (size_t i = 0; (word = oci_mount_word(i)); i++)
		json_out_str(j, NULL, word);
	json_out_array_end(j);
}

static void put_enabled(struct json_out *j, const char *key, const char *path)
{
	json_out_obj(j, key);
	json_out_bool(j, "enabled", oci_spec_reads(path));
	json_out_obj_end(j);
}

static void put_seccomp(struct json_out *j)
{
	json_out_obj(j, "seccomp");
	json_out_bool(j, "enabled", oci_spec_reads("linux.seccomp"));
	put_words(j, "actions", seccomp_words_action);
	put_words(j, "operators", seccomp_words_op);
	put_words(j, "archs", seccomp_words_arch);
	put_words(j, "knownFlags", seccomp_words_flag);
	json_out_obj_end(j);
}

static void put_cgroup(struct json_out *j)
{
	static const char *const keys[] = { "v1", "v2", "systemd",
					    "systemdUser" };

	json_out_obj(j, "cgroup");
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		json_out_bool(j, keys[i], true);
	json_out_bool(j, "rdma", false);
	json_out_obj_end(j);
}

static void put_linux(struct json_out *j)
{
	json_out_obj(j, "linux");
	put_words(j, "namespaces", oci_namespaces);
	put_words(j, "capabilities", cap_words);
	put_cgroup(j);
	put_seccomp(j);
	put_enabled(j, "apparmor", "process.apparmorProfile");
	put_enabled(j, "selinux", "process.selinuxLabel");
	put_enabled(j, "intelRdt", "linux.intelRdt");
	put_enabled(j, "netDevices", "linux.netDevices");
	json_out_obj(j, "memoryPolicy");
	put_words(j, "modes", mempolicy_words);
	put_words(j, "flags", mempolicy_flag_words);
	json_out_obj_end(j);
	json_out_obj(j, "mountExtensions");
	put_enabled(j, "idmap", "mounts.uidMappings");
	json_out_obj_end(j);
	json_out_obj_end(j);
}

static int features(const struct oci_command *c, struct oci_call *x,
		    struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct json_out j;
	int r = oci_parse(c, x, NULL, e);

	if (r)
		return r;
	json_out_init(&j, &b, true);
	json_out_obj(&j, NULL);
	json_out_str(&j, "ociVersionMin", OCI_VERSION_FIRST);
	json_out_str(&j, "ociVersionMax", OCI_VERSION);
	put_words(&j, "hooks", hook_words);
	put_mount_options(&j);
	put_linux(&j);
	json_out_obj_end(&j);
	buf_char(&b, '\n');
	return oci_print(&b, e);
}

const struct oci_command oci_command_features = {
	.name = "features",
	.usage = "",
	.text = "print what a config.json may ask for, as JSON",
	.options = { .command = "features", .program = "immure-oci" },
	.run = features,
};
