/*
 * msg.h - what immure-image and the store say to each other: datagrams of one
 * struct over a socket pair. The worker is not trusted: msg_recv checks the
 * form, publish.c the content.
 */
#ifndef STORE_MSG_H
#define STORE_MSG_H

#include <stdint.h>
#include "immure/err.h"
#include "immure/image.h"

enum msg_what {
	MSG_PROGRESS,  /* text: how far it is */
	MSG_WARN,      /* text: what was left out */
	MSG_ASK_LAYER, /* digest (diff id): is it unpacked already? */
	MSG_ASK_BLOB,  /* digest, size: is it there already? */
	MSG_ANSWER,    /* the store's: size is 1 or 0 */
	MSG_BLOB,      /* digest, size: to be published */
	MSG_LAYER,     /* digest: to be published */
	MSG_IMAGE,     /* digest, size of the manifest, text: name or "" */
	MSG_ERROR,     /* err: refused, nothing is to be published */
	MSG_DONE,      /* all was said */
	MSG_COUNT
};
struct msg {
	enum msg_what what;
	uint64_t size;
	char digest[DIGEST_MAX];
	char text[512];
	struct err err;
};
int msg_send(int sock, const struct msg *m, struct err *e);
/* 1, or 0 at the end, or -1. Strings are terminated, the kinds known. */
int msg_recv(int sock, struct msg *ret, struct err *e);

#endif
