/*
 * net.c - a listener outside and the one who must not reach it inside.
 *
 *   net serve NAME            prints its TCP port; says ESCAPED when somebody
 *                             connects to it or to the abstract socket NAME
 *   net reach PORT NAME [IP…] tries both, and names servers, from inside
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static socklen_t abstract(struct sockaddr_un *a, const char *name)
{
	memset(a, 0, sizeof(*a));
	a->sun_family = AF_UNIX;
	strncpy(a->sun_path + 1, name, sizeof(a->sun_path) - 2);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			   strlen(name));
}

static int serve(const char *name)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t n = sizeof(in);
	struct sockaddr_un un;
	struct pollfd p[2] = {
		{ socket(AF_INET, SOCK_STREAM, 0), POLLIN, 0 },
		{ socket(AF_UNIX, SOCK_STREAM, 0), POLLIN, 0 },
	};

	if (bind(p[0].fd, (struct sockaddr *)&in, n) < 0 ||
	    listen(p[0].fd, 8) < 0 ||
	    getsockname(p[0].fd, (struct sockaddr *)&in, &n) < 0 ||
	    bind(p[1].fd, (struct sockaddr *)&un, abstract(&un, name)) < 0 ||
	    listen(p[1].fd, 8) < 0)
		return 2;
	printf("%d\n", ntohs(in.sin_port));
	fflush(stdout);
	for (;;) {
		poll(p, 2, -1);
		for (int i = 0; i < 2; i++)
			if (p[i].revents) {
				close(accept(p[i].fd, NULL, NULL));
				puts("ESCAPED somebody connected");
				fflush(stdout);
			}
	}
}

static void reach_ip(const char *ip, int port, int type)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, type, 0);

	inet_pton(AF_INET, ip, &in.sin_addr);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&in, sizeof(in)) == 0)
		if (type == SOCK_STREAM || strncmp(ip, "127.", 4) != 0)
			printf("ESCAPED connected to %s:%d\n", ip, port);
	close(fd);
}

int main(int argc, char **argv)
{
	struct if_nameindex *i;
	struct sockaddr_un un;
	socklen_t n;
	int fd;

	if (argc > 2 && strcmp(argv[1], "serve") == 0)
		return serve(argv[2]);
	if (argc < 4)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int j = 4; j < argc; j++) {
		reach_ip(argv[j], atoi(argv[2]), SOCK_STREAM);
		reach_ip(argv[j], 53, SOCK_DGRAM);
	}
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	n = abstract(&un, argv[3]);
	if (connect(fd, (struct sockaddr *)&un, n) == 0)
		puts("ESCAPED connected to an abstract socket");
	for (i = if_nameindex(); i && i->if_index; i++)
		if (strcmp(i->if_name, "lo") != 0)
			printf("ESCAPED the interface %s is there\n",
			       i->if_name);
	puts("RAN");
	return 0;
}
