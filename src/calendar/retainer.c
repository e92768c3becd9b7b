/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/retainer.h"

#include "base/clock.h"
#include "base/id.h"
#include "campaign/campaign.h"
#include "campaign/terms_cache.h"
#include "event/event.h"
#include "event/standing.h"
#include "org/zone.h"
#include "partner/enrolment.h"
#include "rules/engine.h"

#define PAGE 100

static const char job[] = "retainers";

/* Up to when an engagement reaches into a span of time; 0: it does not. */
static int64_t reach(const struct engagement *g, int64_t closed_at_ms, int64_t from_ms,
                     int64_t to_ms)
{
	int64_t end = g->ended_at != 0 && g->ended_at < to_ms ? g->ended_at : to_ms;

	if (closed_at_ms != 0 && closed_at_ms < end)
		end = closed_at_ms;
	return g->started_at < end && end > from_ms ? end : 0;
}

void retainer_month(struct str zone, int64_t month, const struct list *engagements,
                    int64_t closed_at_ms, struct retainer_month *out)
{
	struct date d = { (int)(month / 100), (int)(month % 100), 1 };
	int64_t from = month_start_ms(zone, month), to;

	*out = (struct retainer_month){ .of = date_days_in_month(d.year, d.month) };
	for (; d.day <= out->of; from = to) {
		int64_t worked = 0;

		d.day++;
		to = d.day <= out->of ? zone_day_start_ms(zone, d)
		                      : month_start_ms(zone, month_next(month));
		for (size_t i = 0; i < engagements->count; i++) {
			const struct engagement *all = engagements->items;
			int64_t end = reach(&all[i], closed_at_ms, from, to);

			worked = end > worked ? end : worked;
		}
		out->days += worked > 0;
		out->end_ms = worked > 0 ? worked : out->end_ms;
	}
}

static struct str sentence(struct ctx *c, struct str month, const struct retainer_month *m)
{
	if (m->days == m->of)
		return arena_printf(c->arena, "The retainer of %.*s.", STR_ARG(month));
	return arena_printf(c->arena, "The retainer of %.*s, for %lld of its %lld days.",
	                    STR_ARG(month), (long long)m->days, (long long)m->of);
}

static bool make(struct ctx *c, int64_t month, const struct enrolment *e,
                 const struct retainer_month *m)
{
	struct str name = month_str(c->arena, month);
	struct track t = {
		.type = EVENT_RETAINER,
		.campaign_id = e->campaign_id,
		.partner_id = e->partner_id,
		.quantity = m->days < m->of ? m->days : 0,
		.quantity_of = m->days < m->of ? m->of : 0,
		.occurred_at = m->end_ms - 1,
		.source = STR("job"),
		.reason = sentence(c, name, m),
	};
	struct str enrolment = id_str(c->arena, ID_ENROLMENT, e->id);
	struct recorded done;
	bool found;

	t.external_id = arena_printf(c->arena, "retainer/%.*s/%.*s", STR_ARG(enrolment),
	                             STR_ARG(name));
	return event_find(c, EVENT_RETAINER, t.external_id, &done.event, &found)
	       && (found || event_record(c, &t, &done));
}

/* One partner's month, if the terms at its end pay for it. */
static bool pay(struct ctx *c, struct str zone, int64_t month, const struct campaign *k,
                const struct enrolment *e)
{
	struct retainer_month m;
	struct terms_in_force t;
	struct list engagements;

	if (!engagement_list(c, e->id, &engagements))
		return false;
	retainer_month(zone, month, &engagements, k->closed_at, &m);
	if (m.days == 0)
		return true;
	if (!terms_in_force(c, k->id, m.end_ms - 1, &t))
		return false;
	return !accrue_pays_for(t.terms, TRIGGER_RETAINER) || make(c, month, e, &m);
}

static bool pays_retainers(const struct terms *t)
{
	return accrue_pays_for(t, TRIGGER_RETAINER);
}

/* The next partners of a campaign; moves the position behind them. */
static bool page(struct ctx *c, struct str zone, const struct campaign *k,
                 struct calendar_position *p)
{
	struct list list = { 0 };
	bool pays;

	if (p->campaign_id != k->id)
		p->partner_id = 0;
	p->campaign_id = k->id;
	if (!terms_any(c, k->id, pays_retainers, &pays)
	    || (pays && !enrolment_page(c, k->id, p->partner_id, PAGE, &list)))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		const struct enrolment *e = (const struct enrolment *)list.items + i;

		p->partner_id = e->partner_id;
		if (!pay(c, zone, p->period, k, e))
			return false;
	}
	if (list.count < PAGE)
		*p = (struct calendar_position){ p->period, k->id + 1, 0 };
	return true;
}

/* From where to go on; period 0 while nobody has ever been engaged. */
static bool position(struct ctx *c, struct str zone, struct calendar_position *out)
{
	int64_t first;

	if (!calendar_position(c, job, out))
		return false;
	if (out->period != 0)
		return true;
	if (!engagement_first(c, &first))
		return false;
	if (first != 0)
		out->period = standing_month(zone, first);
	return true;
}

bool retainer_step(struct ctx *c, bool *out_more)
{
	struct calendar_position p;
	struct campaign k;
	struct str zone;
	bool found;

	if (!org_timezone(c, &zone) || !position(c, zone, &p))
		return false;
	*out_more = p.period != 0 && p.period < standing_month(zone, c->now_ms);
	if (!*out_more)
		return true;
	if (!campaign_next(c, p.campaign_id, &k, &found) || (found && !page(c, zone, &k, &p)))
		return false;
	if (!found)
		p = (struct calendar_position){ .period = month_next(p.period) };
	return calendar_move(c, job, &p);
}
