permit bind | bind:ro:/srv/data:suid:dev:noexec:norec:unsearched:socket=a:/y | permit 4294967296
