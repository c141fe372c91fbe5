# policy.t - relations of the policy language, read by
# tests/unit/policy/test_judge.c.
#
#   RULES, separated by ';', or @NAME for policy/NAME.policy
#   | changes to the ordinary plan (tests/unit/policy/change.h)
#   | permit or deny, and the deciding rule's number; 0: no rule matched;
#     none: the changes raise no fact
#
# With RULES the verdict is on what the changes add to the ordinary plan; with
# @NAME it is on the whole plan.

# what no rule matches is denied, and the last rule that matches decides
permit image | bind:ro:/srv/data | deny 0
permit bind | bind:ro:/srv/data | permit 1
permit bind; deny bind | bind:ro:/srv/data | deny 2
deny bind; permit bind | bind:ro:/srv/data | permit 2
deny bind rw; permit bind ro | bind:ro:/srv/data | permit 2
permit any | bind:rw:/run/docker.sock | permit 1
permit any; deny bind protected | bind:rw:/run/docker.sock | deny 2
permit any; deny any | bind:ro:/srv/data | deny 2

# ro, rw
permit bind ro | bind:rw:/srv/data | deny 0
permit bind rw | bind:rw:/srv/data | permit 1
permit bind; deny bind rw | bind:ro:/srv/data | permit 1

# kinds
permit bind ro; deny bind kind socket | bind:ro:/home/u/app.sock | deny 2
permit bind ro; deny bind kind socket | bind:ro:/home/u/src | permit 1
permit bind kind file | bind:ro:/home/u/src | deny 0
permit bind kind file | bind:ro:/home/u/src/a.c | permit 1
permit bind kind dir | bind:ro:/home/u/src | permit 1
permit bind; deny bind kind fifo | bind:ro:/home/u/pipe | deny 2
permit bind; deny bind kind char | bind:ro:/dev/kvm | deny 2
permit bind; deny bind kind block | bind:ro:/dev/sda | deny 2

# an object is what it is, whatever it is called
deny bind; permit bind kind socket path /run/user/1000/foo.sock | bind:rw:/run/user/1000/foo.sock | permit 2
deny bind; permit bind kind socket path /run/user/1000/foo.sock | bind:rw:/run/docker.sock | deny 1
deny bind; permit bind path /run/docker.sock | bind:rw:/var/run/docker.sock | permit 2
deny bind; permit bind path /var/run/docker.sock | bind:rw:/srv/link | permit 2
permit bind; deny bind path /run/docker.sock | bind:ro:/var/run/docker.sock | deny 2
permit bind; deny bind path /run/docker.sock | bind:ro:/srv/link | deny 2
permit bind; deny bind under /srv/data | bind:ro:/mnt/alias | deny 2
permit bind path /no/such/thing | bind:ro:/srv/data | deny 0

# a permit is exact, a deny holds for what contains it
permit bind path /srv/data/x | bind:ro:/srv/data | deny 0
permit bind path /srv/data | bind:ro:/srv/data/x | deny 0
permit bind; deny bind path /srv/data/x | bind:ro:/srv/data/x | deny 2
permit bind; deny bind path /srv/data/x | bind:ro:/srv/data | deny 2
permit bind; deny bind path /srv/data/x | bind:ro:/srv | deny 2
permit bind; deny bind path /srv/data/x | bind:ro:/ | deny 2
permit bind; deny bind path /srv/data/x | bind:ro:/srv/other | permit 1
permit bind under /srv/data | bind:ro:/srv/data | permit 1
permit bind under /srv/data | bind:ro:/srv/data/x | permit 1
permit bind under /srv/data | bind:ro:/srv/database | deny 0
permit bind under /srv/data | bind:ro:/srv | deny 0
permit bind; deny bind under /srv/data | bind:ro:/srv/data/x | deny 2
permit bind; deny bind under /srv/data | bind:ro:/srv | deny 2
permit bind; deny bind under ~/.ssh | bind:ro:/home/u/.ssh/key | deny 2
permit bind under ~/src | bind:ro:/home/u/src/a.c | permit 1

# where it appears in the sandbox
permit bind to /data | bind:ro:/srv/data:/data | permit 1
permit bind to /data | bind:ro:/srv/data:/data/below | permit 1
permit bind to /data | bind:ro:/srv/data:/database | deny 0
permit bind; deny bind to /etc | bind:ro:/srv/data:/etc/ssl | deny 2
permit bind; deny bind to /etc/ssl | bind:ro:/srv/data:/etc | deny 2

# owners
permit bind owner self | bind:rw:/srv/data | permit 1
permit bind owner self | bind:rw:/srv/sub | permit 1
permit bind owner self | bind:rw:/srv/other | deny 0
permit bind owner other | bind:rw:/srv/other | permit 1
permit bind owner root | bind:rw:/srv/root | permit 1
permit bind owner self | bind:rw:/srv/root | deny 0

# protected: the thing, what holds it, what lies below it
permit bind; deny bind protected | bind:ro:/run/docker.sock | deny 2
permit bind; deny bind protected | bind:ro:/var/run/docker.sock | deny 2
permit bind; deny bind protected | bind:ro:/run | deny 2
permit bind; deny bind protected | bind:ro:/var/run | deny 2
permit bind; deny bind protected | bind:ro:/ | deny 2
permit bind; deny bind protected | bind:ro:/run/user/1000/foo.sock | deny 2
permit bind; deny bind protected | bind:ro:/proc/sys | deny 2
permit bind; deny bind protected | bind:ro:/dev/shm | deny 2
permit bind; deny bind protected | bind:ro:/home | deny 2
permit bind; deny bind protected | bind:ro:/home/u | deny 2
permit bind; deny bind protected | bind:ro:/home/u/.ssh/key | deny 2
permit bind; deny bind protected | bind:ro:/home/u/src | permit 1
permit bind; deny bind protected | bind:ro:/etc | deny 2
permit bind; deny bind protected | bind:ro:/etc/hosts | permit 1
permit bind; deny bind protected | bind:ro:/var/cache | permit 1

# options of a bind
permit bind; deny bind suid | bind:ro:/srv/data:suid | deny 2
permit bind; deny bind suid | bind:ro:/srv/data:dev | permit 1
permit bind; deny bind dev | bind:ro:/srv/data:dev | deny 2
permit bind; deny bind recursive | bind:ro:/srv/data | deny 2
permit bind; deny bind recursive | bind:ro:/srv/data:norec | permit 1

# devices
permit device standard | device:rw:/dev/kvm | deny 0
permit device standard | device:rw:/dev/null:11 | deny 0
permit device path /dev/kvm | device:rw:/dev/kvm | permit 1
permit device ro path /dev/kvm | device:rw:/dev/kvm | deny 0
permit device ro path /dev/kvm | device:ro:/dev/kvm | permit 1
permit device path /dev/sda | device:rw:/dev/kvm | deny 0

# capabilities, one fact each
permit capability NET_BIND_SERVICE | caps:NET_BIND_SERVICE | permit 1
permit capability NET_BIND_SERVICE | caps:NET_BIND_SERVICE,NET_ADMIN | deny 0
permit capability cap_net_admin | caps:NET_ADMIN | permit 1
permit capability compat | caps:CHOWN,SETUID,SETFCAP | permit 1
permit capability compat | caps:SYS_ADMIN | deny 0
permit capability; deny capability SYS_ADMIN | caps:SYS_ADMIN | deny 2
permit capability compat | bounding:SYS_ADMIN | deny 0

# namespaces
permit namespace host network | share:network | permit 1
permit namespace host network | share:pid | deny 0
permit namespace; deny namespace host pid | share:pid | deny 2
permit namespace; deny namespace host user | share:user without:userns | deny 2
permit namespace host mount | share:mount | permit 1
permit namespace host cgroup | share:cgroup | permit 1
deny namespace host keyring | without:keyring | deny 1
permit namespace; deny namespace host ipc | without:clone | deny 2

# identity
permit limit; deny user-mapped | map-user | deny 2
permit user-mapped | map-user | permit 1
permit user-mapped | map-user:gid | permit 1
deny user-mapped | single-id | deny 1
permit nested-userns; deny user-mapped | without:userns without:idmap | deny 2
permit nested-userns | without:nslimit | permit 1
deny nested-userns | without:nslimit | deny 1
deny nested-userns | nslimit:2 | deny 1
deny nested-userns | off:nslimit | deny 1

# walls that are left out
deny unconfined seccomp | without:seccomp | deny 1
permit unconfined seccomp | without:seccomp | permit 1
deny unconfined seccomp | off:seccomp | deny 1
deny unconfined landlock | without:landlock | deny 1
deny unconfined landlock | off:landlock | deny 1
deny unconfined landlock | idle-landlock | deny 1
deny unconfined no_new_privs | without:nnp | deny 1
deny unconfined no_new_privs | off:nnp | deny 1
deny unconfined capabilities | without:caps | deny 1
deny unconfined capabilities | without:bounding | deny 1
permit missing; deny unconfined | no-landlock | permit 1
permit missing; deny missing landlock | no-landlock | deny 2
permit unconfined seccomp | without:nnp | deny 0
deny unconfined label | label:unconfined | deny 1
deny missing label | lsm | deny 1
permit missing | lsm | permit 1

# profiles
permit profile seccomp build | seccomp:build | permit 1
permit profile seccomp default | seccomp:build | deny 0
permit profile seccomp default | seccomp:/home/u/default | deny 0
permit profile seccomp default | seccomp:default/x | deny 0
permit profile seccomp default | seccomp:default/deny | deny 0
permit profile seccomp file | seccomp:/home/u/mine.json | permit 1
permit profile digest sha256:0000000000000000000000000000000000000000000000000000000000000007 | seccomp:/home/u/mine.json | permit 1
permit profile digest sha256:0000000000000000000000000000000000000000000000000000000000000008 | seccomp:/home/u/mine.json | deny 0

# masks
permit mask-removal | without:mask:/proc/kcore | permit 1
permit mask-removal /proc/kcore | without:mask:/proc/keys | deny 0
permit mask-removal /proc/kcore | without:mask:/proc/kcore | permit 1
permit mask-removal /proc/k* | without:mask:/proc/keys | permit 1
deny mask-removal | without:readonly:/proc/sys | deny 1
deny mask-removal | off:mask | deny 1
permit mask-removal | without:readonly:/proc/sys mask:/proc/sys | none
permit filesystem proc | fs:proc:rw:/proc2 | deny 0
permit filesystem proc; permit mask-removal /proc2/* | fs:proc:rw:/proc2 | permit
deny mask-removal | without:mask:/proc/kcore readonly:/proc/kcore | deny 1
permit filesystem; permit mask-removal; deny mask-removal /proc2/kcore | mask:/proc2/kcore fs:proc:rw:/proc2 | deny 3
permit filesystem; permit mask-removal; deny mask-removal /proc2/kcore | fs:proc:rw:/proc2 mask:/proc2/kcore | permit

# filesystems
permit filesystem tmpfs | fs:tmpfs:rw:/scratch | permit 1
permit filesystem tmpfs | fs:ramfs:rw:/scratch | deny 0
permit filesystem cgroup2 ro | fs:cgroup2:rw:/sys/fs/cgroup | deny 0
permit filesystem cgroup2 ro | fs:cgroup2:ro:/sys/fs/cgroup | permit 1
permit filesystem cgroup2 ro | fs:cgroup2:rw:/sys/fs/cgroup readonly:/sys/fs/cgroup | permit 1
permit filesystem tmpfs to /scratch | fs:tmpfs:rw:/other | deny 0

# roots
permit rootfs | rootfs:/srv/data | permit 1
permit rootfs path /srv/data | rootfs:/srv/data | permit 1
permit rootfs path /srv/data | rootfs:/srv/other | deny 0
permit rootfs path /srv/data | rootfs:/mnt/alias | permit 1
permit rootfs; deny rootfs protected | rootfs:/ | deny 2
permit rootfs; deny rootfs protected | rootfs:/home/u | deny 2
permit rootfs | host-root | deny 0
permit host-root | host-root | permit 1
permit host-root; deny bind protected | host-root | permit 1
permit host-root; deny bind | host-root bind:rw:/usr:/usr | deny 2
permit host-root; deny bind | host-root bind:ro:/usr:/usr:suid | deny 2
permit host-root; deny bind | host-root bind:ro:/usr:/x | deny 2
permit host-root; deny bind | host-root bind:ro:/usr/lib:/usr/lib | deny 2
permit host-root; deny bind | host-root bind:ro:/home:/home | deny 2
permit host-root; deny bind | host-root bind:ro:/run:/run | deny 2
permit host-root; deny bind | bind:ro:/usr:/usr | deny 2
permit image name docker.io/library/* | image:docker.io/library/alpine:3 | permit 1
permit image name docker.io/library/*:3 | image:docker.io/library/alpine:3 | permit 1
permit image name docker.io/library/*:3 | image:docker.io/library/alpine:4 | deny 0
permit image; deny image name *:latest | image:docker.io/library/alpine:latest | deny 2
permit image digest sha256:0000000000000000000000000000000000000000000000000000000000000abc | image:localhost/x:1 | permit 1
permit image digest sha256:0000000000000000000000000000000000000000000000000000000000000abd | image:localhost/x:1 | deny 0

# the rest
permit privileged | privileged | permit 1
permit image | privileged | deny 0
permit sysctl net.* | sysctl:net.ipv4.ip_forward | permit 1
permit sysctl net.* | sysctl:kernel.shmmax | deny 0
permit limit pids 4096 | pids:4096 | permit 1
permit limit pids 4096 | pids:4097 | deny 0
permit limit pids 4096 | pids:none | deny 0
permit limit pids unlimited | pids:none | permit 1
permit limit; deny limit pids unlimited | pids:none | deny 2
permit limit; deny limit pids unlimited | pids:9999 | permit 1
deny limit pids unlimited | without:rlimit | deny 1
deny limit pids unlimited | off:rlimit | deny 1

# ---- the shipped policies ----
@default | ordinary | permit
@default | bind:ro:/home/u/src | permit
@default | bind:rw:/home/u/src map-user | permit
@default | bind:ro:/etc/hosts | permit
@default | rootfs:/srv/data | permit
@default | host-root | permit
@default | host-root bind:ro:/run:/run | deny
@default | host-root bind:ro:/home:/home | deny
@default | bind:ro:/etc:/etc | deny
@default | bind:ro:/usr:/usr | permit
@default | caps:CHOWN,SETUID | permit
@default | single-id | permit
@default | pids:none | permit
@default | no-landlock | permit
@default | sysctl:net.ipv4.ping_group_range | permit
@default | privileged | deny
@default | bind:ro:/run/docker.sock | deny
@default | bind:ro:/var/run/docker.sock | deny
@default | bind:ro:/srv/link | deny
@default | bind:ro:/run | deny
@default | bind:ro:/ | deny
@default | bind:ro:/home/u/app.sock | deny
@default | bind:rw:/home/u/pipe | deny
@default | bind:ro:/dev/kvm | deny
@default | bind:ro:/home/u | deny
@default | bind:rw:/home/u | deny
@default | bind:ro:/home | deny
@default | bind:rw:/srv/root | deny
@default | bind:rw:/srv/other | deny
@default | bind:ro:/srv/data:suid | deny
@default | bind:ro:/srv/data:dev | deny
@default | device:rw:/dev/kvm | deny
@default | caps:SYS_ADMIN | deny
@default | bounding:NET_ADMIN | deny
@default | share:network | deny
@default | share:pid | deny
@default | without:keyring | deny
@default | without:seccomp | deny
@default | without:landlock | deny
@default | without:nnp | deny
@default | without:nslimit | deny
@default | without:mask:/proc/kcore | deny
@default | seccomp:/home/u/mine.json | deny
@default | sysctl:kernel.core_pattern | deny
@default | fs:sysfs:rw:/sys2 | deny
@default | fs:nfs:ro:/x | deny
@default | rootfs:/home/u | deny
@strict | ordinary | deny
@strict | user:1000 | permit
@strict | user:1000 seccomp:strict | permit
@strict | user:1000 bind:ro:/home/u/src | permit
@strict | user:1000 bind:rw:/home/u/src | deny
@strict | user:1000 bind:ro:/etc/hosts | deny
@strict | user:1000 map-user | deny
@strict | user:1000 single-id | deny
@strict | user:1000 caps:CHOWN | deny
@strict | user:1000 rootfs:/srv/data | deny
@strict | user:1000 host-root | deny
@strict | user:1000 no-landlock | deny
@strict | user:1000 lsm | permit
@strict | user:1000 pids:513 | deny
@strict | user:1000 pids:none | deny
@strict | user:1000 seccomp:build | deny
@strict | user:1000 sysctl:kernel.shmmax | deny
@multi-tenant | ordinary | permit
@multi-tenant | bind:rw:/srv/data | permit
@multi-tenant | bind:ro:/srv/other | permit
@multi-tenant | bind:rw:/srv/other | deny
@multi-tenant | bind:ro:/home/u/src | deny
@multi-tenant | bind:ro:/srv/link | deny
@multi-tenant | map-user | deny
@multi-tenant | pids:none | deny
@multi-tenant | pids:4096 | permit
@multi-tenant | pids:4097 | deny
@multi-tenant | rootfs:/srv/data | deny
@multi-tenant | host-root | deny
@multi-tenant | caps:NET_BIND_SERVICE | permit
@multi-tenant | caps:SETFCAP | deny
@multi-tenant | privileged | deny
@multi-tenant | no-landlock | deny
@developer | ordinary | permit
@developer | share:network | permit
@developer | share:pid | deny
@developer | caps:SYS_PTRACE | permit
@developer | caps:SYS_ADMIN | deny
@developer | seccomp:/home/u/mine.json | permit
@developer | without:seccomp | deny
@developer | without:nslimit | permit
@developer | bind:rw:/home/u/pipe | permit
@developer | bind:ro:/home/u/app.sock | deny
@developer | bind:ro:/home/u/.ssh | deny
@developer | privileged | deny
@build | seccomp:build caps:CHOWN,SETFCAP map-user bind:rw:/home/u/src | permit
@build | host-root | deny
@build | share:network | deny
@build | without:nslimit | permit
@build | caps:SYS_ADMIN | deny
@build | bind:ro:/run/docker.sock | deny
@build | bind:ro:/home/u/pipe | deny
