# policy.t - relations of the policy language, run by `immure policy test` and
# by the unit tests. The words are those of policy/README.md.
#
#   RULES, divided by ';', or @NAME for policy/NAME.policy
#   | changes to the ordinary plan of the made-up host
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
permit image; deny user-mapped | map-user | deny 2
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
limit pids 4096 | pids:4096 | permit 1
limit pids 4096 | pids:4097 | deny 1
limit pids 4096 | pids:none | deny 1
limit pids unlimited | pids:none | permit 1
limit pids 4096 | pids:none cgroup:pids.max=4096 | permit 1
limit pids 4096 | pids:none cgroup:pids.max=4097 | deny 1
limit pids 64 | pids:512 cgroup:pids.max=64 | permit 1
limit memory 64m | cgroup:memory.max=67108864 | permit 1
limit memory 64m | cgroup:memory.max=67108865 | deny 1
limit memory 64m | pids:1 | none
limit cpus 2 | cgroup:cpu.cfs_quota_us=150000 | permit 1
limit cpus 2 | cgroup:cpu.cfs_quota_us=200000 | permit 1
limit cpus 2 | cgroup:cpu.cfs_quota_us=210000 | deny 1
limit cpus 2 | cgroup:memory.max=67108864 | none
limit pids 4096; limit pids unlimited | pids:none | permit 2
limit pids unlimited; limit pids 4096 | pids:9999 | deny 2
limit pids 4096 | without:rlimit | deny 1
limit pids 4096 | off:rlimit | deny 1

# mount flags, and what holds an object
permit bind; deny bind exec | bind:ro:/srv/data | deny 2
permit bind; deny bind exec | bind:ro:/srv/data:noexec | permit 1
permit bind above /srv/data/x | bind:ro:/srv/data/x | permit 1
permit bind above /srv/data/x | bind:ro:/srv/data | permit 1
permit bind above /srv/data/x | bind:ro:/ | permit 1
permit bind above /srv/data/x | bind:ro:/srv/other | deny 0
permit bind above /srv/data | bind:ro:/srv/data/x | deny 0
permit bind; deny bind above /run/docker.sock | bind:ro:/run | deny 2
permit bind; deny bind above /run/docker.sock | bind:ro:/run/user/1000 | permit 1
permit filesystem tmpfs; deny filesystem tmpfs exec | fs:tmpfs:rw:/scratch | deny 2

# sockets inside a bound directory; one that was not searched fails closed
permit bind; deny bind sockets | bind:ro:/srv/data | permit 1
permit bind; deny bind sockets | bind:ro:/srv/data:socket=app.sock | deny 2
permit bind; deny bind sockets | bind:ro:/srv/data:unsearched | deny 2
permit bind; deny bind unsearched | bind:ro:/srv/data:unsearched | deny 2
permit bind; deny bind unsearched | bind:ro:/srv/data:unsearched:socket=a | permit 1
permit bind unsearched | bind:ro:/srv/data:socket=a | deny 0
permit bind; deny bind sockets; permit bind unsearched under /srv | bind:ro:/srv/data:unsearched | permit 3
permit bind; deny bind sockets; permit bind unsearched under /srv | bind:ro:/srv/data:unsearched:socket=a/b | deny 2
permit bind; deny bind sockets; permit bind sockets path /srv/data | bind:ro:/srv/data:socket=a/b | permit 3
permit bind; deny bind sockets | bind:ro:/srv/data/x:socket=no | permit 1

# abstract sockets: the network is shared, and no scope keeps them away
permit namespace | share:network | permit 1
permit namespace; deny abstract-sockets | share:network landlock-abi:5 | deny 2
permit namespace; permit abstract-sockets | share:network landlock-abi:5 | permit
permit namespace; deny abstract-sockets | share:network landlock-abi:6 | permit 1
permit namespace; permit unconfined; deny abstract-sockets | share:network without:landlock | deny 3
deny abstract-sockets | landlock-abi:5 | none
permit namespace; deny namespace host time | share:time | deny 2
permit namespace host time | share:time | permit 1

# images: registry and pinning
permit image registry docker.io | image:docker.io/library/alpine:3 | permit 1
permit image registry docker.io | image:quay.io/library/alpine:3 | deny 0
permit image registry *.example.org | image:ci.example.org/x:1 | permit 1
permit image registry localhost* | image:localhost/x:1 | permit 1
permit image; deny image registry quay.io | image:quay.io/x:1 | deny 2
permit image pinned | image:localhost/x:1 | deny 0
permit image pinned | image:localhost/x:1 pinned | permit 1
permit image; deny image pinned | image:localhost/x:1 pinned | deny 2

# devices by number, sysctls and annotations by value, labels
permit device number 10:* | device:rw:/dev/kvm | permit 1
permit device number 10:233 | device:rw:/dev/kvm | deny 0
permit device; deny device number 1:1 | device:rw:/dev/mem:1 | deny 2
permit sysctl net.* value 0 | sysctl:net.ipv4.ip_forward:0 | permit 1
permit sysctl net.* value 0 | sysctl:net.ipv4.ip_forward:1 | deny 0
permit annotation | annotation:owner=ci | permit 1
permit annotation owner | annotation:owner=ci | permit 1
permit annotation owner | annotation:team=ci | deny 0
permit annotation owner value ci-* | annotation:owner=ci-7 | permit 1
permit annotation owner value ci-* | annotation:owner=me | deny 0
permit annotation; deny annotation io.* | annotation:io.podman.x=1 | deny 2
permit image | annotation:owner=ci | deny 0
permit label | label:immure-default | permit 1
permit label apparmor as immure-* | label:immure-default | permit 1
permit label apparmor as immure-* | label:docker-default | deny 0
permit label selinux | label:immure-default | deny 0

# peers
permit bind; deny bind peer guest | bind:ro:/srv/data | permit 1
permit bind; deny bind peer guest | bind:ro:/srv/data peer:guest | deny 2
permit bind peer u | bind:ro:/srv/data | permit 1
permit bind peer 1000 | bind:ro:/srv/data | permit 1
permit bind peer u | bind:ro:/srv/data peer:guest | deny 0
permit bind peer-group sandbox | bind:ro:/srv/data peer:guest | permit 1
permit bind peer-group sandbox | bind:ro:/srv/data | deny 0
permit bind peer-group users | bind:ro:/srv/data | permit 1
permit bind rw under /srv peer guest | bind:rw:/srv/data peer:guest | permit 1
permit any; deny any peer root | bind:ro:/srv/data peer:root | deny 2
permit bind; limit pids 64 peer guest | bind:ro:/srv/data peer:guest pids:65 | deny 2
permit bind; limit pids 64 peer guest | bind:ro:/srv/data pids:65 | permit 1
permit bind; require nonroot peer guest | bind:ro:/srv/data peer:guest | deny 2
permit bind; require nonroot peer guest | bind:ro:/srv/data peer:guest user:5 | permit

# ceilings: the last one decides, and without one nobody asks
limit nofile 4096 | rlimit:nofile:8192 | deny 1
limit nofile 8k | rlimit:nofile:8192 | permit 1
limit nofile 4096; limit nofile 1m | rlimit:nofile:8192 | permit 2
limit nofile 1m; limit nofile 4096 | rlimit:nofile:8192 | deny 2
limit nofile 4096 | rlimit:nofile:none | deny 1
limit nofile unlimited | rlimit:nofile:none | permit 1
limit memlock 64k | rlimit:memlock:65536 | permit 1
limit memlock 64k; permit bind | bind:ro:/srv/data | permit 2
limit core 0 | rlimit:core:1 | deny 1
limit nofile 4096 | rlimit:core:1 | none
permit any | rlimit:nofile:none | none
deny any | rlimit:nofile:none | none
limit storage 512m | storage:512m | none
limit storage 512m | storage:1g | deny 1
limit storage 2g | storage:1g | permit 1
limit storage 2g | kept | deny 1
limit tmpfs 64k; permit filesystem tmpfs | fs:tmpfs:rw:/x:size=1m | deny 1
limit tmpfs 1m; permit filesystem tmpfs | fs:tmpfs:rw:/x:size=1m | permit
limit tmpfs 1m; permit filesystem tmpfs | fs:tmpfs:rw:/x | deny 1
limit tmpfs 1m; permit filesystem tmpfs | fs:tmpfs:rw:/x:size=0 | deny 1
limit tmpfs 1m; permit filesystem tmpfs | fs:tmpfs:ro:/x | permit
limit rtprio 0 | rlimit:rtprio:99 | deny 1
limit stack 8m | rlimit:stack:8388608 | permit 1

# what is required is not taken back
require seccomp; permit any | without:seccomp | deny 1
require landlock; permit any | without:landlock | deny 1
require landlock; permit any | no-landlock | deny 1
require landlock abi 4; permit any | landlock-abi:3 | deny 1
require landlock abi 4; permit any | landlock-abi:4 | permit 1
require landlock abi 4; require landlock; permit any | landlock-abi:3 | deny 1
require no_new_privs; permit any | without:nnp | deny 1
require capabilities; permit any | without:bounding | deny 1
require label; permit any | label:immure-default | permit
require masks; permit any | without:mask:/proc/kcore | deny 1
require namespaces; permit any | share:uts | deny 1
require namespaces; permit any | without:keyring | deny 1
require unmapped; permit any | map-user | deny 1
require nonroot; permit any | user:1000 | permit
require read-only; permit any | readonly:/ | permit
require image; permit any | rootfs:/srv/data | deny 1
require pinned; permit any | pinned | permit
require audit-log; permit any | bind:ro:/srv/data | permit 2
require seccomp peer guest; permit any | without:seccomp | permit 2
permit any; require unmapped | map-user | deny 2

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
@default | annotation:owner=ci | permit
@default | label:immure-default | permit
@default | label:unconfined | deny
@default | bind:ro:/srv/data:unsearched | deny
@default | bind:rw:/home/u/src:socket=run/app.sock map-user | deny
@default | pinned | permit
@default | share:time | deny
@default | landlock-abi:1 | permit
@default | rlimit:nofile:none | permit
@default | kept | permit
@strict | user:1000 rlimit:nofile:4097 | deny
@strict | user:1000 rlimit:core:none | deny
@strict | user:1000 storage:1g | deny
@strict | user:1000 kept | deny
@strict | user:1000 share:time | deny
@strict | user:1000 without:mask:/proc/keys | deny
@strict | user:1000 label:immure-default | permit
@strict | user:1000 fs:tmpfs:rw:/x | deny
@strict | user:1000 fs:tmpfs:rw:/x:size=1m | permit
@strict | user:1000 bind:ro:/home/u/src:socket=s | deny
@multi-tenant | bind:rw:/srv/data:socket=s | deny
@multi-tenant | bind:rw:/srv/data:unsearched | deny
@multi-tenant | rlimit:nofile:none | deny
@multi-tenant | storage:4g | permit
@multi-tenant | storage:5g | deny
@multi-tenant | kept | deny
@multi-tenant | share:uts | deny
@multi-tenant | pinned annotation:owner=ci | permit
@multi-tenant | single-id | deny
@developer | bind:rw:/home/u/src:unsearched | permit
@developer | bind:rw:/home/u/src:unsearched:socket=s | deny
@developer | bind:ro:/srv/other:unsearched | deny
@developer | share:network landlock-abi:5 | deny
@developer | kept | permit
@build | bind:ro:/home/u/src:unsearched | permit
@build | bind:ro:/home/u/src:socket=s | deny
@build | share:network landlock-abi:5 | deny
@build | annotation:owner=ci | permit

# recordings: what is denied must stay so, or be permitted by its word
permit record deny; permit profile seccomp default | record:deny:default | permit 1
permit record deny; permit profile | record:allow:default | deny 0
permit record allow; permit profile | record:allow:default | permit 1
permit record; permit profile seccomp strict | record:deny:default | deny 0
permit record; permit profile seccomp default | record:deny:/x/default | deny 0
deny unconfined; permit record; permit profile | record:allow:default | permit 2
@default | record:deny:default | permit
@default | record:allow:default | deny
@default | record:deny:/home/u/mine.json | deny
@developer | record:allow:default | permit
@build | record:deny:build | permit
@strict | user:1000 record:deny:strict | deny
@multi-tenant | user:1000 record:deny:default | deny

# a filter of a file on top of a built-in profile can only narrow
permit profile seccomp narrowing | narrow:/home/u/mine.json | permit 1
permit profile seccomp file | narrow:/home/u/mine.json | deny 0
permit profile seccomp narrowing | seccomp:/home/u/mine.json | deny 0
@default | narrow:/home/u/mine.json | permit
@strict | user:1000 narrow:/home/u/mine.json | permit
@default | without:seccomp narrow:/home/u/mine.json | deny
