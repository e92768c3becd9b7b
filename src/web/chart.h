/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEB_CHART_H
#define WEB_CHART_H

#include "base/arena.h"
#include "base/money.h"

#include <jansson.h>

/*
 * Charts, drawn by the server as SVG: no scripts, no style attributes, colours from the
 * style sheet. The plot stretches with the page; its labels are HTML beside it.
 */

struct chart {
	const int64_t *now, *before;  /* days each; before may be NULL */
	size_t days;
	int64_t first_day;            /* of now, days since the epoch */
	const struct currency *cur;   /* NULL: plain counts */
};

/*
 * {svg, top, first, middle, last, any}: bars for now, a dashed line for before, each bar with a
 * title. The caller owns it.
 */
json_t *chart_view(struct arena *a, const struct chart *ch);

/* Two amounts side by side under a label: as it was, and as it would be. */
struct chart_pair {
	struct str label;
	int64_t before, now;
};

/* As chart_view, with two bars for each pair; the axis shows first, middle and last label. */
json_t *chart_pairs_view(struct arena *a, const struct chart_pair *pairs, size_t count,
                         const struct currency *cur);

#endif
