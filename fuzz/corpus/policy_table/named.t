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
