/* SPDX-License-Identifier: Apache-2.0 */
#include "whatif/extra.h"

#include "base/check.h"
#include "base/clock.h"
#include "calendar/retainer.h"
#include "click/record.h"
#include "event/intake.h"
#include "event/standing.h"
#include "partner/engagement.h"
#include "partner/enrolment.h"

#include <stdlib.h>

#define PAGE 100
#define CLICKS_MAX 1000000 /* bundles of clicks that are kept at once */

static void add(struct extras *x, const struct extra *e)
{
	const struct whatif_ask *ask = x->ask;
	int64_t at_ms = e->event.occurred_at;

	if (at_ms < ask->from_ms || (ask->to_ms != 0 && at_ms >= ask->to_ms))
		return;
	x->all = arena_grow(x->c->arena, x->all, sizeof(x->all[0]), x->count, &x->room);
	x->all[x->count] = *e;
	x->all[x->count++].month = standing_month(x->zone, at_ms);
}

/* ---- Retainers. */

static bool is_stored(struct extras *x, const struct enrolment *e, int64_t month, bool *out)
{
	struct arena *a = x->c->arena;
	struct str owner = id_str(a, ID_ENROLMENT, e->id), name = month_str(a, month);
	struct event found;

	return event_find(x->c, EVENT_RETAINER,
	                  arena_printf(a, "retainer/%.*s/%.*s", STR_ARG(owner), STR_ARG(name)),
	                  &found, out);
}

static bool find_month(struct extras *x, const struct enrolment *e, const struct list *engagements,
                       int64_t month)
{
	struct retainer_month m;
	struct extra found = { .quantity = 0 };
	bool stored;

	retainer_month(x->zone, month, engagements, x->campaign->closed_at, &m);
	if (m.days == 0)
		return true;
	if (!is_stored(x, e, month, &stored))
		return false;
	found.event = (struct event){
		.type = EVENT_RETAINER,
		.campaign_id = x->campaign->id,
		.partner_id = e->partner_id,
		.invoice_index = -1,
		.occurred_at = m.end_ms - 1,
		.received_at = month_start_ms(x->zone, month_next(month)),
	};
	if (m.days < m.of) {
		found.quantity = m.days;
		found.quantity_of = m.of;
	}
	if (!stored)
		add(x, &found);
	return true;
}

static bool find_retainers_of(struct extras *x, const struct enrolment *e)
{
	int64_t now = standing_month(x->zone, x->c->now_ms);
	const struct engagement *first;
	struct list all;

	if (!engagement_list(x->c, e->id, &all))
		return false;
	first = all.items;
	if (all.count == 0)
		return true;
	for (int64_t m = standing_month(x->zone, first->started_at); m < now; m = month_next(m))
		if (!find_month(x, e, &all, m))
			return false;
	return true;
}

static bool find_retainers(struct extras *x)
{
	struct list page = { .count = PAGE };
	int64_t last = 0;

	while (page.count == PAGE) {
		if (!enrolment_page(x->c, x->campaign->id, last, PAGE, &page))
			return false;
		for (size_t i = 0; i < page.count; i++) {
			const struct enrolment *e = (const struct enrolment *)page.items + i;

			last = e->partner_id;
			if (!find_retainers_of(x, e))
				return false;
		}
	}
	return true;
}

/* ---- Clicks. */

struct bundle {
	int64_t partner_id, link_id, hour, clicks;
};

static const struct field bundle_fields[] = {
	FIELD(struct bundle, partner_id, .flags = 0), FIELD(struct bundle, link_id, .flags = 0),
	FIELD(struct bundle, hour, .flags = 0), FIELD(struct bundle, clicks, .flags = 0),
};

static const struct model bundle_model = MODEL("click", bundle_fields);

_Static_assert(CLICK_UNPAYABLE == 11, "the flags that do not pay, below");

/* The first click of a partner, device and day, in campaigns where it was not paid for. */
static const struct sql SQL_BUNDLES = {
	.text = "SELECT click.partner_id, CASE WHEN link.reward <> '' THEN link.id ELSE 0 END AS"
	        " link_id, click.at / 3600000 AS hour, COUNT(*) AS clicks FROM"
	        " (SELECT MIN(id) AS id FROM click WHERE org_id = $1 AND campaign_id = $2"
	        " AND (flags & 11) = 0 AND at >= $3 AND at < $4"
	        " GROUP BY partner_id, at / 86400000, device) AS payable"
	        " JOIN click ON click.org_id = $1 AND click.id = payable.id"
	        " LEFT JOIN link ON link.org_id = $1 AND link.id = click.link_id"
	        " WHERE NOT EXISTS (SELECT 1 FROM click_paid WHERE click_paid.org_id = $1"
	        " AND click_paid.partner_id = click.partner_id"
	        " AND click_paid.day = click.at / 86400000 AND click_paid.device = click.device)"
	        " GROUP BY 1, 2, 3 ORDER BY 3, 1, 2 LIMIT 1000001",
	.model = &bundle_model,
};

static bool find_clicks(struct extras *x)
{
	int64_t over = x->c->now_ms / MS_PER_HOUR * MS_PER_HOUR;
	int64_t to_ms = x->ask->to_ms && x->ask->to_ms < over ? x->ask->to_ms : over;
	struct list all;

	if (!db_list(x->c, &SQL_BUNDLES,
	             ARGS(val_int(x->campaign->id), val_int(x->ask->from_ms), val_int(to_ms)),
	             sizeof(struct bundle), &all))
		return false;
	if (all.count > CLICKS_MAX)
		return fail(x->c, ERR_TOO_LARGE, NULL, "There are too many clicks at once");
	for (size_t i = 0; i < all.count; i++) {
		const struct bundle *b = (const struct bundle *)all.items + i;
		struct extra e = { .quantity = b->clicks, .quantity_of = 1 };

		e.event = (struct event){
			.type = EVENT_CLICK,
			.campaign_id = x->campaign->id,
			.partner_id = b->partner_id,
			.link_id = b->link_id,
			.invoice_index = -1,
			.occurred_at = b->hour * MS_PER_HOUR,
			.received_at = (b->hour + 1) * MS_PER_HOUR,
		};
		add(x, &e);
	}
	return true;
}

bool extra_find(struct extras *x, enum trigger kind)
{
	return kind == TRIGGER_CLICK ? find_clicks(x) : find_retainers(x);
}

static int by_arrival(const void *a, const void *b)
{
	const struct event *x = &((const struct extra *)a)->event;
	const struct event *y = &((const struct extra *)b)->event;

	if (x->received_at != y->received_at)
		return x->received_at < y->received_at ? -1 : 1;
	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	return (x->partner_id > y->partner_id) - (x->partner_id < y->partner_id);
}

void extra_sort(struct extras *x)
{
	if (x->count > 0)
		qsort(x->all, x->count, sizeof(x->all[0]), by_arrival);
}

bool extra_next(struct extras *x, int64_t now_ms, const struct extra **out)
{
	if (x->at == x->count || x->all[x->at].event.received_at > now_ms)
		return false;
	*out = &x->all[x->at++];
	return true;
}

bool extra_happen(struct extras *x, const struct extra *e, struct happening *out)
{
	static _Thread_local struct accrual nothing;
	static _Thread_local struct credit who;
	const struct event *event = &e->event;

	if (!today_credit(x->today, event->partner_id, event->link_id, &who))
		return false;
	who.share_ppm = PPM_ONE;
	who.signal = event->type == EVENT_CLICK ? SIGNAL_LINK : SIGNAL_CODE;
	who.referred_at_ms = event->occurred_at;
	nothing.commission_count = 0;
	*out = (struct happening){ .event = event, .inside = true, .stored = &nothing,
		                   .extra = true };
	out->recall.month = e->month;
	out->recall.inputs.standing = (struct standing){ .credits = &who, .credit_count = 1 };
	out->recall.inputs.standing.campaign_closed = x->campaign->closed_at != 0
	        && event->occurred_at >= x->campaign->closed_at;
	out->recall.inputs.event = (struct occurrence){
		.kind = event_trigger(event->type),
		.occurred_at_ms = event->occurred_at,
		.quantity = e->quantity,
		.quantity_of = e->quantity_of,
	};
	return true;
}

const struct sql *const whatif_extra_sql[] = { &SQL_BUNDLES, NULL };
