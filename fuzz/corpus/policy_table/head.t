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
