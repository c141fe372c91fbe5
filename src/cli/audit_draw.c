/*
 * audit_draw.c - drawings of the report: inline SVG from the audit's own
 * numbers. Every drawing says in words what it shows.
 */
#include "cli/audit_html.h"

#include "base/table.h"
#include "policy/audit.h"

enum { COURSES = 5, BRICKS = 10, ALL = COURSES * BRICKS };
#define POINTS_A_BRICK (AUDIT_SCORE_MAX / ALL)

/* Of the worst finding; "info" when there is none above. */
static const char *worst(const struct audit *a)
{
	return audit_severity_word(a->n ? a->v[0].row->severity
					: SEVERITY_INFO);
}

void audit_draw_score(const struct audit *a, struct buf *b)
{
	/* a circle of circumference 100 */
	buf_printf(b,
		   "<svg viewBox=\"0 0 40 40\" role=\"img\" aria-label=\""
		   "exposure %u of %u\"><circle class=\"track\" cx=\"20\" "
		   "cy=\"20\" r=\"15.915\" fill=\"none\" stroke-width=\"4\"/>",
		   a->score, AUDIT_SCORE_MAX);
	if (a->score)
		buf_printf(b,
			   "<circle class=\"s-%s\" cx=\"20\" cy=\"20\" "
			   "r=\"15.915\" fill=\"none\" stroke-width=\"4\" "
			   "stroke-dasharray=\"%u 100\" "
			   "transform=\"rotate(-90 20 20)\"/>",
			   worst(a), a->score);
	buf_printf(b,
		   "<text x=\"20\" y=\"21.5\" text-anchor=\"middle\" "
		   "font-size=\"11\">%u</text><text x=\"20\" y=\"27\" "
		   "text-anchor=\"middle\" font-size=\"3.6\">of %u</text>"
		   "</svg>\n",
		   a->score, AUDIT_SCORE_MAX);
}

/* Twice the distance of a brick's middle from the middle of the foot. */
static int distance(int i)
{
	int row = i / BRICKS, column = i % BRICKS;
	int x = 40 * column + 20 - (row % 2 ? 20 : 0) - 200;
	int y = 20 * row - 80;

	return x * x + 4 * y * y;
}

/* How many bricks go before this one: a breach grows from the foot. */
static int rank(int i)
{
	int n = 0;

	for (int k = 0; k < ALL; k++)
		n += distance(k) < distance(i) ||
		     (distance(k) == distance(i) && k < i);
	return n;
}

static int missing(unsigned points)
{
	unsigned n = (points + POINTS_A_BRICK - 1) / POINTS_A_BRICK;

	return n > ALL ? ALL : (int)n;
}

/* Bricks of every other course are shifted by half: the first is a half. */
static void add_brick(struct buf *b, int i, const char *class)
{
	int row = i / BRICKS, x = 20 * (i % BRICKS) - (row % 2 ? 10 : 0);
	int width = 19;

	if (x < 0)
		x = 0, width = 9;
	buf_printf(b,
		   "<rect class=\"%s\" x=\"%d.5\" y=\"%d.5\" width=\"%d\" "
		   "height=\"9\"/>",
		   class, x, 10 * row, width);
}

void audit_draw_wall(const struct audit *a, enum audit_wall w, struct buf *b)
{
	bool unseen = a->walls[w].state == WALL_UNSEEN;
	int gone = missing(a->walls[w].points);

	buf_printf(b, "<svg viewBox=\"0 0 190 51\" role=\"img\" aria-label=\"");
	if (unseen)
		buf_str(b, "not seen\">");
	else
		buf_printf(b, "%d of %d bricks missing\">", gone, ALL);
	for (int i = 0; i < ALL; i++)
		add_brick(b, i, unseen ? "u" : rank(i) < gone ? "g" : "b");
	buf_str(b, "</svg>\n");
}
