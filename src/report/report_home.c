/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report_home.h"

#include "base/check.h"
#include "report/recent.h"

#include <stdlib.h>
#include <string.h>

#define DAYS (2 * REPORT_DAYS)
#define CANDIDATES 100 /* of each currency; who is not among them in any cannot be in front of all */

static void add(struct report_sum *to, const struct report_sum *s)
{
	to->revenue += s->revenue;
	to->sales += s->sales;
	to->commission += s->commission;
}

static bool add_day(struct ctx *c, struct fx_sum *s, struct str code, const struct report_sum *day,
                    struct report_sum *to)
{
	to->sales += day->sales;
	return fx_sum_add(c, s, code, day->revenue, &to->revenue)
	       && fx_sum_add(c, s, code, day->commission, &to->commission);
}

static bool sum_up(struct ctx *c, const struct report *r, struct fx_sum *s,
                   struct report_currency *out)
{
	*out = (struct report_currency){ .code = str_from(s->to->code) };
	for (size_t i = 0; i < r->currency_count; i++)
		for (size_t d = 0; d < DAYS; d++)
			if (!add_day(c, s, r->currencies[i].code, &r->currencies[i].days[d],
			             &out->days[d]))
				return false;
	for (size_t d = 0; d < DAYS; d++)
		add(d < REPORT_DAYS ? &out->before : &out->now, &out->days[d]);
	return true;
}

bool report_home(struct ctx *c, const struct report *r, struct str currency, struct fx_sum *s,
                 struct report_currency *out)
{
	fx_sum_begin(c, s, currency);
	if (!sum_up(c, r, s, out))
		return false;
	if (out->now.revenue != 0 || !s->incomplete)
		return true;
	fx_sum_begin(c, s, r->currencies[0].code);
	return sum_up(c, r, s, out);
}

/* Most commission first, then the older partner. */
static int by_commission(const void *a, const void *b)
{
	const struct report_best *x = a, *y = b;

	if (x->commission != y->commission)
		return x->commission < y->commission ? 1 : -1;
	return (x->partner_id > y->partner_id) - (x->partner_id < y->partner_id);
}

/* Those among the best of one currency, with all that they have in the sum's; by partner. */
static bool best_of(struct ctx *c, const struct span *span, struct str currency, struct fx_sum *s,
                    struct list *out)
{
	struct report_best *all;
	struct rows r;
	size_t n = 0;

	if (!recent_best(c, span, currency, CANDIDATES, &r))
		return false;
	all = ARENA_ARRAY(c->arena, struct report_best, r.count + 1);
	for (size_t i = 0; i < r.count; i++) {
		int64_t id = rows_int(&r, i, 0);
		struct report_best *b = &all[n > 0 && all[n - 1].partner_id == id ? n - 1 : n++];

		b->partner_id = id;
		b->sales += rows_int(&r, i, 4);
		if (!fx_sum_add(c, s, rows_str(&r, i, 1), rows_int(&r, i, 2), &b->revenue)
		    || !fx_sum_add(c, s, rows_str(&r, i, 1), rows_int(&r, i, 3), &b->commission))
			return false;
	}
	*out = (struct list){ all, n };
	return true;
}

/* The best of both, each once: whoever is in both has the same sums in both. */
static struct list merge(struct ctx *c, struct list a, struct list b, size_t most)
{
	struct report_best *all = ARENA_ARRAY(c->arena, struct report_best, a.count + b.count + 1);
	size_t n = 0;

	memcpy(all, a.items, a.count * sizeof(*all));
	memcpy(all + a.count, b.items, b.count * sizeof(*all));
	qsort(all, a.count + b.count, sizeof(*all), by_commission);
	for (size_t i = 0; i < a.count + b.count && n < most && all[i].commission > 0; i++)
		if (n == 0 || all[n - 1].partner_id != all[i].partner_id)
			all[n++] = all[i];
	return (struct list){ all, n };
}

bool report_home_top(struct ctx *c, const struct report *r, struct fx_sum *s, size_t most,
                     struct list *out)
{
	struct span span;

	*out = (struct list){ ARENA_ARRAY(c->arena, struct report_best, 1), 0 };
	if (!span_read(c, &span))
		return false;
	for (size_t i = 0; i < r->currency_count; i++) {
		struct list best;

		if (!best_of(c, &span, r->currencies[i].code, s, &best))
			return false;
		*out = merge(c, *out, best, most);
	}
	return true;
}
