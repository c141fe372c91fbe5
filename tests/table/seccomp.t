# seccomp.t - what the built-in profiles answer; read by
# tests/unit/kernel/test_seccomp_table.c.
#
#   PROFILE[+CAPABILITY…],… ; [MACHINE:]CALL [ARGUMENT…] ; ANSWER
#
# CALL is a name or a number; i386: and x32: are the foreign entries of amd64.
# Words of arguments stand in the test; HIGH is 2^32, TOP 2^63, MINUS1 -1.
# A row holds for every machine that has the call.

# what every program does
default,strict,build,debug ; read ; ALLOW
default,strict,build,debug ; write ; ALLOW
default,strict,build,debug ; openat ; ALLOW
default,strict,build,debug ; close ; ALLOW
default,strict,build,debug ; fstat ; ALLOW
default,strict,build,debug ; mmap ; ALLOW
default,strict,build,debug ; mprotect ; ALLOW
default,strict,build,debug ; munmap ; ALLOW
default,strict,build,debug ; brk ; ALLOW
default,strict,build,debug ; rt_sigaction ; ALLOW
default,strict,build,debug ; rt_sigreturn ; ALLOW
default,strict,build,debug ; execve ; ALLOW
default,strict,build,debug ; exit_group ; ALLOW
default,strict,build,debug ; futex ; ALLOW
default,strict,build,debug ; getrandom ; ALLOW
default,strict,build,debug ; statx ; ALLOW
default,strict,build,debug ; newfstatat ; ALLOW
default,strict,build,debug ; pipe2 ; ALLOW
default,strict,build,debug ; dup3 ; ALLOW
default,strict,build,debug ; wait4 ; ALLOW
default,strict,build,debug ; clock_nanosleep ; ALLOW
default,strict,build,debug ; epoll_pwait ; ALLOW
default,strict,build,debug ; rseq ; ALLOW
default,strict,build,debug ; set_robust_list ; ALLOW
default,strict,build,debug ; prlimit64 ; ALLOW
default,strict,build,debug ; getdents64 ; ALLOW
default,strict,build,debug ; faccessat2 ; ALLOW
default,strict,build,debug ; close_range ; ALLOW
default,strict,build,debug ; sendfile ; ALLOW
default,strict,build,debug ; copy_file_range ; ALLOW
default,strict,build,debug ; memfd_create ; ALLOW
default,strict,build,debug ; landlock_restrict_self ; ALLOW
default,strict,build,debug ; seccomp ; ALLOW
default,strict,build,debug ; prctl ; ALLOW
default,strict,build,debug ; kill ; ALLOW
default,strict,build,debug ; tgkill ; ALLOW
default,strict,build,debug ; eventfd2 ; ALLOW
default,strict,build,debug ; timerfd_create ; ALLOW
default,strict,build,debug ; signalfd4 ; ALLOW
default,strict,build,debug ; inotify_add_watch ; ALLOW
default,strict,build,debug ; mincore ; ALLOW
default,strict,build,debug ; openat2 ; ALLOW
default,strict,build,debug ; renameat2 ; ALLOW
default,strict,build,debug ; fchmodat2 ; ALLOW

# young calls, known by number to no library of the day
default,strict,build,debug ; mseal ; ALLOW
default,strict,build,debug ; getxattrat ; ALLOW
default,build,debug ; setxattrat ; ALLOW
strict ; setxattrat ; ENOSYS
default,strict,build,debug ; listxattrat ; ALLOW
default,strict,build,debug ; futex_wake ; ALLOW
default,strict,build,debug ; futex_wait ; ALLOW
default,strict,build,debug ; futex_requeue ; ALLOW
default,strict,build,debug ; map_shadow_stack ; ALLOW
default,build,debug ; removexattrat ; ALLOW
default,build,debug ; uretprobe ; ALLOW
strict ; uretprobe ; ENOSYS
strict ; removexattrat ; ENOSYS
default,strict,build,debug ; cachestat ; ENOSYS
default,strict,build,debug ; statmount ; ENOSYS
default,strict,build,debug ; listmount ; ENOSYS
default,strict,build,debug ; lsm_list_modules ; ENOSYS
default,strict,build,debug ; amd64:462 ; ALLOW

# unknown numbers, and no number at all
default,strict,build,debug ; 470 ; ENOSYS
default,strict,build,debug ; 1000 ; ENOSYS
default,strict,build,debug ; 999999 ; ENOSYS
default,strict,build,debug ; 1073741823 ; ENOSYS
default,strict,build,debug ; 4294967295 ; ENOSYS

# another machine's entry, and x32
default,strict,build,debug ; i386:3 ; KILL
default,strict,build,debug ; i386:4 ; KILL
default,strict,build,debug ; i386:5 ; KILL
default,strict,build,debug ; i386:11 ; KILL
default,strict,build,debug ; i386:102 ; KILL
default,strict,build,debug ; i386:359 ; KILL
default,strict,build,debug ; i386:1000 ; KILL
default,strict,build,debug ; x32:0 ; KILL
default,strict,build,debug ; x32:1 ; KILL
default,strict,build,debug ; x32:41 ; KILL
default,strict,build,debug ; x32:59 ; KILL
default,strict,build,debug ; x32:512 ; KILL
default,strict,build,debug ; x32:520 ; KILL
default,strict,build,debug ; x32:1000 ; KILL

# clone3 cannot be looked into; libc falls back to clone
default,strict,build,debug ; clone3 ; ENOSYS
default+sys_admin,build+sys_admin,debug+sys_admin ; clone3 ; ENOSYS

# no new namespaces
default,strict,build,debug ; clone SIGCHLD ; ALLOW
default,strict,build,debug ; clone VM|THREAD|0x3d0f00 ; ALLOW
default,strict,build,debug ; clone VM|0x4000|SIGCHLD ; ALLOW
default,strict,build,debug ; clone NEWNS|SIGCHLD ; EPERM
default,strict,build,debug ; clone NEWCGROUP|SIGCHLD ; EPERM
default,strict,build,debug ; clone NEWUTS|SIGCHLD ; EPERM
default,strict,build,debug ; clone NEWIPC|SIGCHLD ; EPERM
default,strict,build,debug ; clone NEWUSER|SIGCHLD ; EPERM
default,strict,build,debug ; clone NEWPID|SIGCHLD ; EPERM
default,strict,build,debug ; clone NEWNET|SIGCHLD ; EPERM
default,strict,build,debug ; clone NEWUSER|NEWNET|SIGCHLD ; EPERM
default,strict,build,debug ; clone NEWUSER|HIGH ; EPERM
default,strict,build,debug ; clone HIGH|SIGCHLD ; ALLOW
default,strict,build,debug ; unshare 0 ; EPERM
default,strict,build,debug ; unshare NEWUSER ; EPERM
default,strict,build,debug ; unshare NEWNS ; EPERM
default,strict,build,debug ; unshare NEWNET ; EPERM
default,strict,build,debug ; unshare MINUS1 ; EPERM
default,strict,build,debug ; setns 3 0 ; EPERM
default+sys_admin ; clone NEWNS|SIGCHLD ; ALLOW
default+sys_admin ; clone NEWUSER|SIGCHLD ; EPERM
default+sys_admin ; clone NEWUSER|NEWNS ; EPERM
default+sys_admin ; unshare NEWNS ; ALLOW
default+sys_admin ; unshare NEWUSER ; EPERM
default+sys_admin ; unshare NEWUSER|NEWNET ; EPERM
default+sys_admin ; setns 3 NEWNS ; ALLOW
strict+sys_admin ; unshare NEWNS ; EPERM
strict+sys_admin ; mount ; EPERM

# sockets: families
default,strict,build,debug ; socket UNIX STREAM 0 ; ALLOW
default,strict,build,debug ; socket UNIX DGRAM 0 ; ALLOW
default,strict,build,debug ; socket UNIX SEQPACKET|CLOEXEC 0 ; ALLOW
default,strict,build,debug ; socket INET STREAM 0 ; ALLOW
default,strict,build,debug ; socket INET STREAM TCP ; ALLOW
default,strict,build,debug ; socket INET STREAM|CLOEXEC|NONBLOCK TCP ; ALLOW
default,strict,build,debug ; socket INET STREAM MPTCP ; ALLOW
default,strict,build,debug ; socket INET DGRAM 0 ; ALLOW
default,strict,build,debug ; socket INET DGRAM UDP ; ALLOW
default,strict,build,debug ; socket INET DGRAM ICMP ; ALLOW
default,strict,build,debug ; socket INET6 STREAM 0 ; ALLOW
default,strict,build,debug ; socket INET6 STREAM TCP ; ALLOW
default,strict,build,debug ; socket INET6 DGRAM UDP ; ALLOW
default,strict,build,debug ; socket INET6 DGRAM ICMPV6 ; ALLOW
default,strict,build,debug ; socket NETLINK RAW 0 ; ALLOW
default,strict,build,debug ; socket NETLINK DGRAM|CLOEXEC 0 ; ALLOW
default,strict,build,debug ; socket UNIX|HIGH STREAM 0 ; ALLOW
default,strict,build,debug ; socket INET|TOP STREAM|HIGH TCP|HIGH ; ALLOW
default,strict,build,debug ; socket 0 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 3 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 4 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 5 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 9 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 11 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 15 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 18 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 21 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 23 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 24 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 26 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 28 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 29 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 30 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 31 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 32 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 33 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 34 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 35 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 36 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 37 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 39 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 41 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 42 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 43 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 44 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 45 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket 100 DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket ALG SEQPACKET 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket ALG|HIGH SEQPACKET 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket VSOCK STREAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket VSOCK|TOP STREAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket PACKET RAW 768 ; EAFNOSUPPORT
default,strict,build,debug ; socket PACKET DGRAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket MINUS1 STREAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socket NETLINK RAW 4 ; EAFNOSUPPORT
default,strict,build,debug ; socket NETLINK RAW 6 ; EAFNOSUPPORT
default,strict,build,debug ; socket NETLINK RAW 9 ; EAFNOSUPPORT
default,strict,build,debug ; socket NETLINK RAW 12 ; EAFNOSUPPORT
default,strict,build,debug ; socket NETLINK RAW 15 ; EAFNOSUPPORT
default,strict,build,debug ; socket NETLINK RAW 16 ; EAFNOSUPPORT
default,strict,build,debug ; socket NETLINK RAW 12|HIGH ; EAFNOSUPPORT
default,strict,build,debug ; socket INET 10 3 ; EAFNOSUPPORT
default,strict,build,debug ; socket INET SEQPACKET 132 ; EAFNOSUPPORT
default,strict,build,debug ; socket INET STREAM 132 ; EAFNOSUPPORT
default,strict,build,debug ; socket INET DGRAM 136 ; EAFNOSUPPORT
default,strict,build,debug ; socket INET STREAM UDP ; EAFNOSUPPORT
default,strict,build,debug ; socket INET 6 33 ; EAFNOSUPPORT
default,strict,build,debug ; socket INET6 SEQPACKET 132 ; EAFNOSUPPORT
default,strict,build,debug ; socket INET DGRAM MPTCP ; EAFNOSUPPORT
default,strict,build,debug ; socket INET RAW ICMP ; EPERM
default,strict,build,debug ; socket INET RAW|CLOEXEC 255 ; EPERM
default,strict,build,debug ; socket INET6 RAW ICMPV6 ; EPERM
default,strict,build,debug ; socket INET|HIGH RAW 1 ; EPERM
default,strict,build,debug ; socketpair UNIX STREAM 0 ; ALLOW
default,strict,build,debug ; socketpair INET STREAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socketpair 30 STREAM 0 ; EAFNOSUPPORT
default,strict,build,debug ; socketpair UNIX|HIGH STREAM 0 ; ALLOW
default+net_raw,build+net_raw ; socket INET RAW ICMP ; ALLOW
default+net_raw ; socket INET6 RAW|CLOEXEC 58 ; ALLOW
default+net_raw ; socket PACKET RAW 768 ; ALLOW
default+net_raw ; socket ALG SEQPACKET 0 ; EAFNOSUPPORT
default+net_raw ; socket NETLINK RAW 12 ; EAFNOSUPPORT
strict+net_raw ; socket INET RAW ICMP ; EPERM
strict+net_raw ; socket PACKET RAW 768 ; EAFNOSUPPORT
default+net_admin ; socket NETLINK RAW 12 ; ALLOW
default+net_admin ; socket NETLINK RAW 16 ; ALLOW
default+net_admin ; socket NETLINK RAW 6 ; EAFNOSUPPORT
default+net_admin ; socket INET RAW 1 ; EPERM

# terminals: the kernel looks at 32 bits of the request
default,strict,build,debug ; ioctl 0 TIOCSTI ; EPERM
default,strict,build,debug ; ioctl 0 TIOCSTI|HIGH ; EPERM
default,strict,build,debug ; ioctl 0 TIOCSTI|TOP ; EPERM
default,strict,build,debug ; ioctl 0 TIOCSTI|0xffffffff00000000 ; EPERM
default,strict,build,debug ; ioctl 0 TIOCLINUX ; EPERM
default,strict,build,debug ; ioctl 0 TIOCLINUX|HIGH ; EPERM
default,strict,build,debug ; ioctl 0 TIOCLINUX|TOP ; EPERM
default,strict,build,debug ; ioctl 0 TIOCLINUX|0xffffffff00000000 ; EPERM
default,strict,build,debug ; ioctl 0 TIOCSETD ; EPERM
default,strict,build,debug ; ioctl 0 TIOCSETD|HIGH ; EPERM
default,strict,build,debug ; ioctl 0 TIOCSETD|TOP ; EPERM
default,strict,build,debug ; ioctl 0 TIOCSETD|0xffffffff00000000 ; EPERM
default,strict,build,debug ; ioctl 0 TIOCGWINSZ ; ALLOW
default,strict,build,debug ; ioctl 0 0x5411 ; ALLOW
default,strict,build,debug ; ioctl 0 TIOCGWINSZ|HIGH ; ALLOW
default,strict,build,debug ; ioctl 0x5412 0 ; ALLOW
default+sys_admin,debug ; ioctl 0 TIOCSTI ; EPERM

# kernel TLS and friends, the tables of iptables
default,strict,build,debug ; setsockopt 3 6 31 ; ENOENT
default,strict,build,debug ; setsockopt 3 6|HIGH 31|HIGH ; ENOENT
default,strict,build,debug ; setsockopt 3 6 1 ; ALLOW
default,strict,build,debug ; setsockopt 3 1 31 ; ALLOW
default,strict,build,debug ; setsockopt 3 17 31 ; ALLOW
default,strict,build,debug ; setsockopt 3 0 64 ; EPERM
default,strict,build,debug ; setsockopt 3 0 65 ; EPERM
default,strict,build,debug ; setsockopt 3 41 64 ; EPERM
default,strict,build,debug ; setsockopt 3 41|TOP 65|HIGH ; EPERM
default,strict,build,debug ; setsockopt 3 0 63 ; ALLOW
default,strict,build,debug ; setsockopt 3 41 66 ; ALLOW
default,strict,build,debug ; setsockopt 3 1 64 ; ALLOW
default+net_admin ; setsockopt 3 0 64 ; ALLOW
default+net_admin ; setsockopt 3 6 31 ; ENOENT
strict+net_admin ; setsockopt 3 0 64 ; EPERM

# looking into other processes: debug only, or with the capability
default,strict,build ; ptrace ; EPERM
debug ; ptrace ; ALLOW
default+sys_ptrace ; ptrace ; ALLOW
strict+sys_ptrace ; ptrace ; EPERM
default,strict,build ; process_vm_readv ; EPERM
debug ; process_vm_readv ; ALLOW
default+sys_ptrace ; process_vm_readv ; ALLOW
strict+sys_ptrace ; process_vm_readv ; EPERM
default,strict,build ; process_vm_writev ; EPERM
debug ; process_vm_writev ; ALLOW
default+sys_ptrace ; process_vm_writev ; ALLOW
strict+sys_ptrace ; process_vm_writev ; EPERM
default,strict,build ; kcmp ; EPERM
debug ; kcmp ; ALLOW
default,strict,build ; pidfd_getfd ; EPERM
debug,default+sys_ptrace ; pidfd_getfd ; ALLOW
default,strict,build ; process_madvise ; ENOSYS

# denied on purpose, whatever the capabilities
default,strict,build,debug ; keyctl ; EPERM
default,strict,build,debug ; add_key ; EPERM
default,strict,build,debug ; request_key ; EPERM
default,strict,build,debug ; userfaultfd ; EPERM
default,strict,build,debug ; bpf ; EPERM
default,strict,build,debug ; perf_event_open ; EPERM
default,strict,build,debug ; init_module ; EPERM
default,strict,build,debug ; finit_module ; EPERM
default,strict,build,debug ; delete_module ; EPERM
default,strict,build,debug ; kexec_load ; EPERM
default,strict,build,debug ; swapon ; EPERM
default,strict,build,debug ; swapoff ; EPERM
default,strict,build,debug ; acct ; EPERM
default,strict,build,debug ; settimeofday ; EPERM
default,strict,build,debug ; clock_settime ; EPERM
default,strict,build,debug ; syslog ; EPERM
default,strict,build,debug ; quotactl ; EPERM
default,strict,build,debug ; fanotify_init ; EPERM
default,strict,build,debug ; iopl ; EPERM
default,strict,build,debug ; ioperm ; EPERM
default,strict,build,debug ; kexec_file_load ; EPERM
default,strict,build,debug ; adjtimex ; EPERM
default,strict,build,debug ; vhangup ; EPERM
default+bpf+sys_admin,debug+perfmon+sys_admin ; bpf ; EPERM
default+perfmon+sys_admin ; perf_event_open ; EPERM
default+sys_module ; init_module ; EPERM
default+sys_admin ; keyctl ; EPERM

# as if the kernel had not been built with them
default,strict,build,debug ; io_uring_setup ; ENOSYS
default,strict,build,debug ; io_uring_enter ; ENOSYS
default,strict,build,debug ; io_uring_register ; ENOSYS
default,strict,build,debug ; name_to_handle_at ; ENOSYS
default,strict,build,debug ; memfd_secret ; ENOSYS
default,strict,build,debug ; vmsplice ; ENOSYS
default,strict,build,debug ; fanotify_mark ; ENOSYS
default,strict,build,debug ; remap_file_pages ; ENOSYS
default,strict,build,debug ; ioprio_set ; ENOSYS
default,strict,build,debug ; process_mrelease ; ENOSYS
default,strict,build,debug ; lookup_dcookie ; ENOSYS
default,strict,build,debug ; amd64:modify_ldt ; ENOSYS
default,strict,build,debug ; amd64:uselib ; ENOSYS
default,strict,build,debug ; amd64:ustat ; ENOSYS
default,strict,build,debug ; amd64:sysfs ; ENOSYS
default,strict,build,debug ; amd64:create_module ; ENOSYS
default,strict,build,debug ; amd64:_sysctl ; ENOSYS

# mounts: with CAP_SYS_ADMIN only
default,strict,build,debug ; mount ; EPERM
default+sys_admin,build+sys_admin,debug+sys_admin ; mount ; ALLOW
default,strict,build,debug ; umount2 ; EPERM
default+sys_admin,build+sys_admin,debug+sys_admin ; umount2 ; ALLOW
default,strict,build,debug ; pivot_root ; EPERM
default+sys_admin,build+sys_admin,debug+sys_admin ; pivot_root ; ALLOW
default,strict,build,debug ; open_tree ; EPERM
default+sys_admin,build+sys_admin,debug+sys_admin ; open_tree ; ALLOW
default,strict,build,debug ; move_mount ; EPERM
default+sys_admin,build+sys_admin,debug+sys_admin ; move_mount ; ALLOW
default,strict,build,debug ; fsopen ; EPERM
default+sys_admin,build+sys_admin,debug+sys_admin ; fsopen ; ALLOW
default,strict,build,debug ; fsconfig ; EPERM
default+sys_admin,build+sys_admin,debug+sys_admin ; fsconfig ; ALLOW
default,strict,build,debug ; fsmount ; EPERM
default+sys_admin,build+sys_admin,debug+sys_admin ; fsmount ; ALLOW
default,strict,build,debug ; fspick ; EPERM
default+sys_admin,build+sys_admin,debug+sys_admin ; fspick ; ALLOW
default,strict,build,debug ; mount_setattr ; EPERM
default+sys_admin,build+sys_admin,debug+sys_admin ; mount_setattr ; ALLOW
default,strict,build,debug ; sethostname ; EPERM
default+sys_admin,build+sys_admin,debug+sys_admin ; sethostname ; ALLOW
default,strict,build,debug ; setdomainname ; EPERM
default+sys_admin,build+sys_admin,debug+sys_admin ; setdomainname ; ALLOW
default,strict,build,debug ; open_tree_attr ; EPERM
default+sys_admin,build+sys_admin,debug+sys_admin ; open_tree_attr ; ALLOW

# the other capabilities that open something
default,strict,build,debug ; reboot ; EPERM
default+sys_boot ; reboot ; ALLOW
default,strict,build,debug ; open_by_handle_at ; EPERM
default+dac_read_search ; open_by_handle_at ; ALLOW
default+dac_read_search ; name_to_handle_at ; ALLOW
default,strict,build,debug ; mbind ; EPERM
default+sys_nice ; mbind ; ALLOW
strict+sys_nice ; mbind ; EPERM

# personality: two machines and the question
default,build,debug ; personality 0 ; ALLOW
default,build,debug ; personality 8 ; ALLOW
default,build,debug ; personality 0x20000 ; ALLOW
default,build,debug ; personality 0x20008 ; ALLOW
default,build,debug ; personality 0xffffffff ; ALLOW
default,build,debug ; personality MINUS1 ; ALLOW
default,build,debug ; personality 8|HIGH ; ALLOW
default,build,debug ; personality 0x400000 ; EPERM
default,build,debug ; personality 0x100000 ; EPERM
default,build,debug ; personality 0x8000000 ; EPERM
default,build,debug ; personality 4 ; EPERM
default,build,debug ; personality 1 ; EPERM
default,build ; personality 0x40000 ; EPERM
debug ; personality 0x40000 ; ALLOW
strict ; personality 0 ; EPERM
strict ; personality 0xffffffff ; EPERM

# nodes: no devices
default,build,debug ; amd64:mknod 0 IFREG|0644 ; ALLOW
default,build,debug ; mknodat 0 0 IFREG|0644 ; ALLOW
default,build,debug ; amd64:mknod 0 IFIFO|0600 ; ALLOW
default,build,debug ; mknodat 0 0 IFIFO|0600 ; ALLOW
default,build,debug ; amd64:mknod 0 IFSOCK|0600 ; ALLOW
default,build,debug ; mknodat 0 0 IFSOCK|0600 ; ALLOW
default,build,debug ; amd64:mknod 0 0644 ; ALLOW
default,build,debug ; mknodat 0 0 0644 ; ALLOW
default,build,debug ; amd64:mknod 0 IFREG|HIGH ; ALLOW
default,build,debug ; mknodat 0 0 IFREG|HIGH ; ALLOW
default,strict,build,debug ; amd64:mknod 0 IFCHR|0666 ; EPERM
default,strict,build,debug ; mknodat 0 0 IFCHR|0666 ; EPERM
default,strict,build,debug ; amd64:mknod 0 IFBLK|0600 ; EPERM
default,strict,build,debug ; mknodat 0 0 IFBLK|0600 ; EPERM
default,strict,build,debug ; amd64:mknod 0 IFCHR|HIGH ; EPERM
default,strict,build,debug ; mknodat 0 0 IFCHR|HIGH ; EPERM
default,strict,build,debug ; amd64:mknod 0 0170000 ; EPERM
default,strict,build,debug ; mknodat 0 0 0170000 ; EPERM
strict ; mknodat 0 0 IFREG ; EPERM
default+mknod ; mknodat 0 0 IFCHR ; EPERM

# strict: no change of identity, no chroot, no System V IPC, no message queues
strict ; setuid ; EPERM
default,build,debug ; setuid ; ALLOW
strict ; setgid ; EPERM
default,build,debug ; setgid ; ALLOW
strict ; setreuid ; EPERM
default,build,debug ; setreuid ; ALLOW
strict ; setregid ; EPERM
default,build,debug ; setregid ; ALLOW
strict ; setresuid 0 0 0 ; EPERM
strict ; setresuid MINUS1 5 MINUS1 ; ALLOW
strict ; setresuid 0xffffffff 5 0xffffffff ; ALLOW
strict ; setresuid MINUS1 5 0 ; EPERM
strict ; setresuid 5 MINUS1 MINUS1 ; EPERM
default,build,debug ; setresuid ; ALLOW
strict ; setresgid 0 0 0 ; EPERM
strict ; setresgid MINUS1 5 MINUS1 ; ALLOW
strict ; setresgid 0xffffffff 5 0xffffffff ; ALLOW
strict ; setresgid MINUS1 5 0 ; EPERM
strict ; setresgid 5 MINUS1 MINUS1 ; EPERM
default,build,debug ; setresgid ; ALLOW
strict ; setgroups ; EPERM
default,build,debug ; setgroups ; ALLOW
strict ; chroot ; EPERM
default,build,debug ; chroot ; ALLOW
strict ; shmget ; ENOSYS
default,build,debug ; shmget ; ALLOW
strict ; semget ; ENOSYS
default,build,debug ; semget ; ALLOW
strict ; msgget ; ENOSYS
default,build,debug ; msgget ; ALLOW
strict ; mq_open ; ENOSYS
default,build,debug ; mq_open ; ALLOW
strict ; mlock ; ENOSYS
default,build,debug ; mlock ; ALLOW
strict ; mlockall ; ENOSYS
default,build,debug ; mlockall ; ALLOW
strict ; splice ; ENOSYS
default,build,debug ; splice ; ALLOW
strict ; tee ; ENOSYS
default,build,debug ; tee ; ALLOW
strict ; sched_setscheduler ; ENOSYS
default,build,debug ; sched_setscheduler ; ALLOW
strict ; pidfd_send_signal ; ENOSYS
default,build,debug ; pidfd_send_signal ; ALLOW
strict ; readahead ; ENOSYS
default,build,debug ; readahead ; ALLOW

# build: no asynchronous I/O of the old kind
default,debug ; io_setup ; ALLOW
build,strict ; io_setup ; ENOSYS
default,debug ; io_submit ; ALLOW
build,strict ; io_submit ; ENOSYS
default,debug ; io_getevents ; ALLOW
build,strict ; io_getevents ; ENOSYS
