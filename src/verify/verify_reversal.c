/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify_replay.h"

#include "base/check.h"

void replay_keep(struct replay *r, const struct replayed *e)
{
	const struct standing *s = &e->recall.inputs.standing;

	*recount_sale(r->recount, e->event->id) = (struct recount_sale){
		.amount = e->event->amount,
		.campaign_id = e->event->campaign_id,
		.month = e->recall.month,
		.parts = s->credit_count,
	};
	for (size_t i = 0; i < s->credit_count; i++)
		*recount_part(r->recount, e->event->id, i) = (struct recount_part){
			.partner_id = s->credits[i].partner_id,
			.added = accrue_counts(e->terms, &e->recall.inputs.event, e->accrued, i),
		};
}

static int64_t within(int64_t value, int64_t most)
{
	return value < 0 ? 0 : value > most ? most : value;
}

void replay_lower(struct replay *r, int64_t sale_id, int64_t more_minor)
{
	struct recount_sale sale = *recount_sale(r->recount, sale_id);
	int64_t before = within(sale.gone, sale.amount);
	int64_t after = within(sale.gone + more_minor, sale.amount);

	recount_sale(r->recount, sale_id)->gone += more_minor;
	for (size_t i = 0; i < sale.parts; i++) {
		struct recount_part part = *recount_part(r->recount, sale_id, i);
		struct counters was = reverse_counters(&part.added, before, sale.amount);
		struct counters is = reverse_counters(&part.added, after, sale.amount);
		struct standing_change change = {
			.partner_id = part.partner_id,
			.campaign_id = sale.campaign_id,
			.month = sale.month,
			.counters = { .revenue_minor = was.revenue_minor - is.revenue_minor,
			              .sales = was.sales - is.sales,
			              .customers = was.customers - is.customers },
		};

		recount_add(r->recount, &change);
	}
}
