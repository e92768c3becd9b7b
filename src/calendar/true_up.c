/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/true_up.h"

#include "base/check.h"
#include "calendar/calendar.h"
#include "campaign/terms_cache.h"
#include "event/event.h"
#include "event/standing.h"
#include "org/zone.h"
#include "partner/enrolment.h"
#include "rules/choose.h"
#include "rules/true_up.h"

static const struct sql SQL_NEXT = {
	.text = "SELECT last_month, first_month, campaign_id, partner_id FROM true_up_due"
	        " WHERE org_id = $1 AND last_month < $2"
	        " ORDER BY last_month, first_month, campaign_id, partner_id LIMIT 1",
};

static const struct sql SQL_DONE = {
	.text = "DELETE FROM true_up_due WHERE org_id = $1 AND last_month = $2"
	        " AND first_month = $3 AND campaign_id = $4 AND partner_id = $5",
};

static struct str sentence(struct ctx *c, const struct terms *t, struct str period,
                           const struct counters *reached)
{
	static const char *const units[] = { "", "", " sales", " customers", " projects" };
	int64_t value = choose_counter(t, reached);
	struct str driven = t->tiers_by == TIERS_REVENUE
	                            ? money_text(c->arena, value, t->currency)
	                            : arena_printf(c->arena, "%lld%s", (long long)value,
	                                           units[t->tiers_by]);

	return arena_printf(c->arena, "The true-up of %.*s: %.*s were driven in it.",
	                    STR_ARG(period), STR_ARG(driven));
}

/* One partner's period: the difference to what it should have earned, if there is one. */
static bool settle(struct ctx *c, struct str zone, const struct true_up_period *p,
                   const struct enrolment *e)
{
	struct correction x = { .period = true_up_name(c->arena, p),
		                .at_ms = month_start_ms(zone, month_next(p->last_month)) - 1 };
	struct track t = { .type = EVENT_TRUE_UP, .campaign_id = p->campaign_id,
		           .partner_id = p->partner_id, .occurred_at = x.at_ms,
		           .correction = &x, .source = STR("job") };
	const int64_t months[2] = { p->first_month, p->last_month };
	struct true_up_before before;
	struct terms_in_force terms;
	struct counters reached;
	struct recorded done;
	struct true_up sum;

	if (!terms_in_force(c, p->campaign_id, x.at_ms, &terms)
	    || !standing_counters(c, p->partner_id, p->campaign_id, months, &reached)
	    || !true_up_sum(c, p, &reached, INT64_MAX, &sum)
	    || !true_up_before(c, e, x.period, INT64_MAX, &before))
		return false;
	t.external_id = before.next_id;
	x.before_minor = before.minor;
	x.is_minor = sum.is_minor;
	x.was_minor = sum.was_minor;
	x.events = sum.events;
	t.reason = sentence(c, terms.terms, x.period, &reached);
	return x.is_minor - x.was_minor == x.before_minor || event_record(c, &t, &done);
}

bool true_up_step(struct ctx *c, bool *out_more)
{
	struct true_up_period p;
	struct enrolment e;
	struct str zone;
	struct rows r;
	bool enrolled;

	if (!true_up_fold(c, out_more))
		return false;
	if (*out_more)
		return true;
	if (!org_timezone(c, &zone)
	    || !db_query(c, &SQL_NEXT, ARGS(val_int(standing_month(zone, c->now_ms))), &r))
		return false;
	*out_more = r.count > 0;
	if (r.count == 0)
		return true;
	p = (struct true_up_period){ .last_month = rows_int(&r, 0, 0),
		                     .first_month = rows_int(&r, 0, 1),
		                     .campaign_id = rows_int(&r, 0, 2),
		                     .partner_id = rows_int(&r, 0, 3) };
	if (!enrolment_find(c, p.campaign_id, p.partner_id, &e, &enrolled)
	    || (enrolled && !settle(c, zone, &p, &e)))
		return false;
	return db_exec(c, &SQL_DONE,
	               ARGS(val_int(p.last_month), val_int(p.first_month), val_int(p.campaign_id),
	                    val_int(p.partner_id)));
}

const struct sql *const true_up_sql[] = { &SQL_NEXT, &SQL_DONE, NULL };
