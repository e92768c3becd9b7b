/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "commission/commission.h"
#include "whatif/sale.h"

static void sum_add(struct table *t, int64_t id, size_t place, int64_t net_minor)
{
	struct world_sum *s = table_add(t, id, 0, NULL);

	s->id = id;
	s->net_minor[place] += net_minor;
}

/* The side's line for a cap of the terms; NULL if there are too many different ones. */
static struct whatif_cap *cap_line(struct whatif_side *side, const struct cap *cap)
{
	struct whatif_cap *line;

	for (size_t i = 0; i < side->cap_count; i++) {
		line = &side->caps[i];
		if (line->scope == cap->scope && line->period == cap->period
		    && line->limit_minor == cap->amount_minor)
			return line;
	}
	if (side->cap_count == WHATIF_CAPS_MAX)
		return NULL;
	line = &side->caps[side->cap_count++];
	*line = (struct whatif_cap){ .scope = cap->scope, .period = cap->period,
		                     .limit_minor = cap->amount_minor };
	return line;
}

static void count_caps(struct world *w, const struct ruling *r, const struct earning *g)
{
	for (uint32_t i = g->step_from; i < g->step_from + g->step_count; i++) {
		const struct step *s = &r->accrual->steps[i];
		struct whatif_cap *line;

		if (s->code != STEP_CAP)
			continue;
		line = cap_line(&w->side, &r->terms->caps[s->index]);
		if (line) {
			line->hits++;
			line->cut_minor += s->c;
		}
	}
}

static void count_earning(struct world *w, const struct happening *h, const struct ruling *r,
                          size_t earning)
{
	const struct earning *g = &r->accrual->earnings[earning];
	int64_t reversed;

	if (g->currency != r->terms->currency) {
		w->side.foreign++;
		return;
	}
	reversed = sale_reversed(w, h, r, earning);
	w->side.commissions++;
	w->side.earned_minor += g->amount_minor;
	w->side.reversed_minor += reversed;
	sum_add(&w->sums->partners, g->partner_id, w->place, g->amount_minor - reversed);
	sum_add(&w->sums->months, h->recall.month, w->place, g->amount_minor - reversed);
}

void world_restate(struct world *w, int64_t month, const struct list *commissions)
{
	for (size_t i = 0; i < commissions->count; i++) {
		const struct commission *m = (const struct commission *)commissions->items + i;
		int64_t net = m->amount - m->reversed;

		if (!str_is(m->currency, w->today->currency->code)) {
			w->side.foreign++;
			continue;
		}
		w->side.commissions++;
		w->side.earned_minor += m->amount;
		w->side.reversed_minor += m->reversed;
		w->side.restated_minor += net;
		sum_add(&w->sums->partners, m->partner_id, w->place, net);
		sum_add(&w->sums->months, month, w->place, net);
	}
}

void world_count(struct world *w, const struct happening *h, const struct ruling *r,
                 struct world_outcome *out)
{
	const struct accrual *a = r->accrual;
	int64_t before = w->side.earned_minor;

	for (size_t i = 0; i < a->earning_count; i++) {
		if (a->earnings[i].cut_minor > 0)
			count_caps(w, r, &a->earnings[i]);
		if (a->earnings[i].gate == GATE_NONE)
			count_earning(w, h, r, i);
	}
	w->side.events += a->commission_count > 0;
	out->gate = a->commission_count > 0 ? GATE_NONE : a->gate;
	out->earned_minor = w->side.earned_minor - before;
}
