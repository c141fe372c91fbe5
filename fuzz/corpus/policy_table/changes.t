permit capability NET_BIND_SERVICE | caps:NET_BIND_SERVICE | permit 1
permit capability NET_BIND_SERVICE | caps:NET_BIND_SERVICE,NET_ADMIN | deny 0
permit capability cap_net_admin | caps:NET_ADMIN | permit 1
permit capability compat | caps:CHOWN,SETUID,SETFCAP | permit 1
permit capability compat | caps:SYS_ADMIN | deny 0
permit capability; deny capability SYS_ADMIN | caps:SYS_ADMIN | deny 2
permit profile seccomp build | seccomp:build | permit 1
permit profile seccomp default | seccomp:build | deny 0
permit profile seccomp default | seccomp:/home/u/default | deny 0
permit profile seccomp default | seccomp:default/x | deny 0
permit profile seccomp default | seccomp:default/deny | deny 0
permit profile seccomp file | seccomp:/home/u/mine.json | permit 1
permit profile digest sha256:0000000000000000000000000000000000000000000000000000000000000007 | seccomp:/home/u/mine.json | permit 1
permit profile digest sha256:0000000000000000000000000000000000000000000000000000000000000008 | seccomp:/home/u/mine.json | deny 0
permit filesystem proc | fs:proc:rw:/proc2 | deny 0
permit filesystem proc; permit mask-removal /proc2/* | fs:proc:rw:/proc2 | permit
permit filesystem; permit mask-removal; deny mask-removal /proc2/kcore | mask:/proc2/kcore fs:proc:rw:/proc2 | deny 3
permit filesystem; permit mask-removal; deny mask-removal /proc2/kcore | fs:proc:rw:/proc2 mask:/proc2/kcore | permit
permit filesystem tmpfs | fs:tmpfs:rw:/scratch | permit 1
permit filesystem tmpfs | fs:ramfs:rw:/scratch | deny 0
permit filesystem cgroup2 ro | fs:cgroup2:rw:/sys/fs/cgroup | deny 0
permit filesystem cgroup2 ro | fs:cgroup2:ro:/sys/fs/cgroup | permit 1
permit filesystem cgroup2 ro | fs:cgroup2:rw:/sys/fs/cgroup readonly:/sys/fs/cgroup | permit 1
permit filesystem tmpfs to /scratch | fs:tmpfs:rw:/other | deny 0
permit rootfs | rootfs:/srv/data | permit 1
permit rootfs path /srv/data | rootfs:/srv/data | permit 1
permit rootfs path /srv/data | rootfs:/srv/other | deny 0
permit rootfs path /srv/data | rootfs:/mnt/alias | permit 1
permit rootfs; deny rootfs protected | rootfs:/ | deny 2
permit rootfs; deny rootfs protected | rootfs:/home/u | deny 2
