/*
 * list.h - rows for a person or a program: --format json, table …, or a
 * template a row; by default aligned columns.
 */
#ifndef CLI_LIST_H
#define CLI_LIST_H

#include <stdint.h>
#include "base/buf.h"
#include "immure/err.h"

/* `json` is the text of an array of objects; `table` the default template
 * ("{{.A}}\t{{.B}}"), used when `format` is NULL. */
int list_print(const char *format, const char *table, const struct buf *json,
	       struct buf *b, struct err *e);
/* One object: "json" gives the text as it stands, else a template. */
int list_print_one(const char *format, const struct buf *json, struct buf *b,
		   struct err *e);
/* Tabs become columns, three spaces apart; the last is not padded. */
void list_align(char *text, struct buf *b);
/* 1234567 -> "1.23MB", decimal as docker shows sizes. */
void list_size(uint64_t bytes, struct buf *b);
/* "5 minutes ago", "just now". */
void list_since(int64_t seconds, struct buf *b);

#endif
