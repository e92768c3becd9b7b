/* SPDX-License-Identifier: Apache-2.0 */
#include "restate/restatement_print.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/id.h"
#include "data/json_out.h"
#include "data/model_json.h"
#include "partner/partner.h"
#include "restate/line.h"

#include <stdlib.h>

#define TEXT_PARTNERS 20

static void put_line(struct buf *b, const struct ctx *c, const struct line *l)
{
	jw_object(b);
	model_json_members(b, c, &line_model, l);
	jw_key_int(b, "difference", l->becomes - l->was);
	jw_object_end(b);
}

static void put_total(struct buf *b, const struct line *total)
{
	jw_object(b);
	jw_key_str(b, "currency", total->currency);
	jw_key_int(b, "was", total->was);
	jw_key_int(b, "becomes", total->becomes);
	jw_key_int(b, "difference", total->becomes - total->was);
	jw_key_int(b, "posted", total->posted);
	jw_object_end(b);
}

bool restatement_json(struct ctx *c, struct buf *b, const struct restatement *run)
{
	struct line_sum sum;
	struct line total;
	struct list lines;

	if (!line_sum(c, run->id, &sum) || !line_list(c, run->id, &lines))
		return false;
	jw_object(b);
	jw_key_str(b, "object", STR("restatement"));
	model_json_members(b, c, &restatement_model, run);
	jw_key_int(b, "raised", sum.raised);
	jw_key_int(b, "lowered", sum.lowered);
	jw_key_int(b, "unchanged", sum.unchanged);
	jw_key_int(b, "adjustments", sum.adjustments);
	jw_key_bool(b, "as_previewed", line_as_previewed(run, &lines));
	jw_key(b, "totals");
	jw_array(b);
	for (size_t i = 0; line_total(&lines, i, &total); i++)
		put_total(b, &total);
	jw_array_end(b);
	jw_key(b, "partners");
	jw_array(b);
	for (size_t i = 0; i < lines.count; i++)
		put_line(b, c, (const struct line *)lines.items + i);
	jw_array_end(b);
	jw_object_end(b);
	return true;
}

/* ---- Text. */

static void say_line(struct buf *b, struct str what, const struct line *l)
{
	const struct currency *cur = currency_find(l->currency);
	struct arena *a = b->arena;

	buf_printf(b, "%-26.*s %20.*s %20.*s %20.*s %20.*s\n", STR_ARG(str_slice(what, 0, 26)),
	           STR_ARG(money_text(a, l->was, cur)), STR_ARG(money_text(a, l->becomes, cur)),
	           STR_ARG(money_text(a, l->becomes - l->was, cur)),
	           STR_ARG(money_text(a, l->posted, cur)));
}

static int by_difference(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int64_t dx = llabs(x->becomes - x->was), dy = llabs(y->becomes - y->was);

	if (dx != dy)
		return dx > dy ? -1 : 1;
	return (x->partner_id > y->partner_id) - (x->partner_id < y->partner_id);
}

static bool say_partners(struct ctx *c, struct buf *b, const struct list *lines)
{
	struct line *sorted = ARENA_ARRAY(c->arena, struct line, lines->count + 1);
	struct partner p;

	if (lines->count > 0) {
		memcpy(sorted, lines->items, lines->count * sizeof(sorted[0]));
		qsort(sorted, lines->count, sizeof(sorted[0]), by_difference);
	}
	for (size_t i = 0; i < lines->count && i < TEXT_PARTNERS; i++) {
		if (!partner_get(c, sorted[i].partner_id, &p))
			return false;
		say_line(b, p.name, &sorted[i]);
	}
	if (lines->count > TEXT_PARTNERS)
		buf_printf(b, "and %zu more\n", lines->count - TEXT_PARTNERS);
	return true;
}

static void say_run(struct buf *b, const struct restatement *run, const struct line_sum *sum)
{
	struct str id = id_str(b->arena, ID_RESTATEMENT, run->id);
	char from[CLOCK_TEXT_MAX], to[CLOCK_TEXT_MAX];

	time_format(run->from_at, from);
	time_format(run->to_at, to);
	buf_printf(b, "%.*s: %s\nevents from %s to %s\n", STR_ARG(id),
	           restatement_status_names[run->status], run->from_at ? from : "the beginning", to);
	buf_printf(b, "%lld commissions raised, %lld lowered, %lld unchanged; %lld adjustments"
	           " posted\n\n", (long long)sum->raised, (long long)sum->lowered,
	           (long long)sum->unchanged, (long long)sum->adjustments);
}

bool restatement_text(struct ctx *c, struct buf *b, const struct restatement *run)
{
	struct line_sum sum;
	struct line total;
	struct list lines;

	if (!line_sum(c, run->id, &sum) || !line_list(c, run->id, &lines))
		return false;
	say_run(b, run, &sum);
	buf_printf(b, "%-26s %20s %20s %20s %20s\n", "", "as it was", "by these terms",
	           "difference", "posted");
	for (size_t i = 0; line_total(&lines, i, &total); i++)
		say_line(b, STR("all"), &total);
	if (!say_partners(c, b, &lines))
		return false;
	if (!line_as_previewed(run, &lines))
		buf_puts(b, "Note: What has been posted is not what was previewed: something was"
		            " told in between or since.\n");
	return true;
}
