/*
 * audit_html.h - the parts of the HTML report: text, drawing, style. For
 * audit_html*.c alone.
 */
#ifndef CLI_AUDIT_HTML_H
#define CLI_AUDIT_HTML_H

#include "base/buf.h"
#include "immure/audit.h"

extern const char audit_style[];

/* Adds text from anywhere: controls as \xNN, and nothing that is markup. */
void audit_html_text(struct buf *b, const char *s);
/* audit_draw.c: a ring filled up to the score. */
void audit_draw_score(const struct audit *a, struct buf *b);
/* A wall of fifty bricks; each two points take one away. */
void audit_draw_wall(const struct audit *a, enum audit_wall w, struct buf *b);

#endif
