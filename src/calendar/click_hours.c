/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/click_hours.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/id.h"
#include "campaign/campaign.h"
#include "campaign/terms_cache.h"
#include "click/record.h"
#include "event/event.h"
#include "partner/enrolment.h"
#include "rules/engine.h"

#define CLICKS_AT_ONCE 5000
#define EVENTS_AT_ONCE 100

_Static_assert(CLICK_UNPAYABLE == 11, "the flags that do not pay, below");

struct hour {
	int64_t hour, made, arrived, aim, reached;
};

static const struct field hour_fields[] = {
	FIELD(struct hour, hour, .flags = 0),    FIELD(struct hour, made, .flags = 0),
	FIELD(struct hour, arrived, .flags = 0), FIELD(struct hour, aim, .flags = 0),
	FIELD(struct hour, reached, .flags = 0),
};

static const struct model hour_model = MODEL("click_hour", hour_fields);

static const struct sql SQL_OPEN = {
	.text = "SELECT hour, made, arrived, aim, reached FROM click_hour"
	        " WHERE org_id = $1 AND arrived <> counted AND hour < $2"
	        " ORDER BY hour, made LIMIT 1",
	.model = &hour_model,
};

/* Where nobody pays for clicks, none need to be looked at. */
static const struct sql SQL_SKIP = {
	.text = "UPDATE click_hour SET counted = arrived, reached = 0"
	        " WHERE org_id = $1 AND arrived <> counted AND hour < $2",
};

static const struct sql SQL_REACH = {
	.text = "UPDATE click_hour SET counted = $4, aim = $5, reached = $6"
	        " WHERE org_id = $1 AND hour = $2 AND made = $3",
};

static const struct sql SQL_PART = {
	.text = "SELECT COUNT(*) AS clicks, MAX(id) AS last FROM (SELECT id FROM click"
	        " WHERE org_id = $1 AND id >= $2 AND id < $3 ORDER BY id LIMIT $4) AS part",
};

static const struct sql SQL_TAKE = {
	.text = "INSERT INTO click_paid (org_id, partner_id, day, device, campaign_id, link_id,"
	        " hour, click_id, event_id)"
	        " SELECT click.org_id, click.partner_id, click.at / 86400000, click.device,"
	        " click.campaign_id, CASE WHEN link.reward <> '' THEN link.id ELSE 0 END,"
	        " click.at / 3600000, click.id, 0 FROM click"
	        " LEFT JOIN link ON link.org_id = click.org_id AND link.id = click.link_id"
	        " WHERE click.org_id = $1 AND click.campaign_id = $2 AND click.id >= $3"
	        " AND click.id <= $4 AND click.at >= $5 AND click.at < $6"
	        " AND (click.flags & 11) = 0 ORDER BY click.id"
	        " ON CONFLICT (org_id, partner_id, day, device) DO NOTHING",
};

static bool pays_clicks(const struct terms *t)
{
	return accrue_pays_for(t, TRIGGER_CLICK);
}

/* Ids of the clicks that are looked at together. */
struct part {
	int64_t from_id, last_id;
	bool is_last;
};

static bool next_part(struct ctx *c, const struct hour *h, struct part *out)
{
	int64_t from_ms = h->made * MS_PER_HOUR;
	struct rows r;

	out->from_id = h->reached ? h->reached + 1 : id_at_ms(from_ms);
	if (!db_query(c, &SQL_PART,
	              ARGS(val_int(out->from_id), val_int(id_at_ms(from_ms + MS_PER_HOUR)),
	                   val_int(CLICKS_AT_ONCE)),
	              &r))
		return false;
	out->is_last = rows_int(&r, 0, 0) < CLICKS_AT_ONCE;
	out->last_id = rows_int(&r, 0, 0) > 0 ? rows_int(&r, 0, 1) : out->from_id;
	return true;
}

static bool take_in(struct ctx *c, const struct campaign *k, const struct hour *h,
                    const struct part *part)
{
	int64_t from_ms = h->hour * MS_PER_HOUR;
	struct terms_in_force t;

	if (!terms_in_force(c, k->id, from_ms, &t))
		return false;
	return !pays_clicks(t.terms)
	       || db_exec(c, &SQL_TAKE,
	                  ARGS(val_int(k->id), val_int(part->from_id), val_int(part->last_id),
	                       val_int(from_ms), val_int(from_ms + MS_PER_HOUR)));
}

/* Go through the campaigns whose terms have ever paid for clicks; how many there are. */
static bool take(struct ctx *c, const struct hour *h, const struct part *part, int *out_count)
{
	struct campaign k = { 0 };
	bool found = true, pays;

	*out_count = 0;
	while (found) {
		if (!campaign_next(c, k.id + 1, &k, &found))
			return false;
		if (!found)
			break;
		if (!terms_any(c, k.id, pays_clicks, &pays)
		    || (pays && !take_in(c, &k, h, part)))
			return false;
		*out_count += pays;
	}
	return true;
}

static bool look(struct ctx *c, struct hour *h, int64_t this_hour)
{
	struct part part;
	int campaigns;

	if (h->reached == 0)
		h->aim = h->arrived;
	if (!next_part(c, h, &part) || !take(c, h, &part, &campaigns))
		return false;
	if (campaigns == 0)
		return db_exec(c, &SQL_SKIP, ARGS(val_int(this_hour)));

	int64_t counted = part.is_last ? h->aim : -1;
	int64_t reached = part.is_last ? 0 : part.last_id;

	return db_exec(c, &SQL_REACH,
	               ARGS(val_int(h->hour), val_int(h->made), val_int(counted), val_int(h->aim),
	                    val_int(reached)));
}

/* Clicks that one event is for. */
struct bundle {
	int64_t campaign_id, partner_id, link_id, hour, clicks;
};

static const struct field bundle_fields[] = {
	FIELD(struct bundle, campaign_id, .flags = 0), FIELD(struct bundle, partner_id, .flags = 0),
	FIELD(struct bundle, link_id, .flags = 0),     FIELD(struct bundle, hour, .flags = 0),
	FIELD(struct bundle, clicks, .flags = 0),
};

static const struct model bundle_model = MODEL("click_paid", bundle_fields);

static const struct sql SQL_BUNDLES = {
	.text = "SELECT campaign_id, partner_id, link_id, hour, COUNT(*) AS clicks FROM click_paid"
	        " WHERE org_id = $1 AND event_id = 0 GROUP BY campaign_id, partner_id, link_id, hour"
	        " ORDER BY hour, campaign_id, partner_id, link_id LIMIT $2",
	.model = &bundle_model,
};

static const struct sql SQL_NAME_EVENT = {
	.text = "UPDATE click_paid SET event_id = $6 WHERE org_id = $1 AND event_id = 0"
	        " AND campaign_id = $2 AND partner_id = $3 AND link_id = $4 AND hour = $5",
};

/* Whose clicks they are, in the event's id: the link's, the enrolment's, … */
static bool owner_id(struct ctx *c, const struct bundle *b, struct str *out)
{
	struct enrolment e;
	bool found;

	if (b->link_id) {
		*out = id_str(c->arena, ID_LINK, b->link_id);
		return true;
	}
	if (!enrolment_find(c, b->campaign_id, b->partner_id, &e, &found))
		return false;
	*out = found ? id_str(c->arena, ID_ENROLMENT, e.id)
	             : id_str(c->arena, ID_PARTNER, b->partner_id);
	return true;
}

/* The first id of an hour that is free. */
static bool free_id(struct ctx *c, const struct bundle *b, struct str *out)
{
	struct str owner, time = time_str(c->arena, b->hour * MS_PER_HOUR);
	struct event e;
	bool found = true;

	if (!owner_id(c, b, &owner))
		return false;
	*out = arena_printf(c->arena, "clicks/%.*s/%.13s", STR_ARG(owner), time.p);
	for (int n = 2; found; n++) {
		if (!event_find(c, EVENT_CLICK, *out, &e, &found))
			return false;
		if (found)
			*out = arena_printf(c->arena, "clicks/%.*s/%.13s/%d", STR_ARG(owner), time.p,
			                    n);
	}
	return true;
}

static bool pay(struct ctx *c, const struct bundle *b)
{
	struct track t = {
		.type = EVENT_CLICK,
		.campaign_id = b->campaign_id,
		.partner_id = b->partner_id,
		.link_id = b->link_id,
		.quantity = b->clicks,
		.quantity_of = 1,
		.occurred_at = b->hour * MS_PER_HOUR,
		.source = STR("job"),
	};
	struct str at = time_str(c->arena, t.occurred_at);
	struct recorded done;

	t.reason = arena_printf(c->arena, "%lld payable %s in the hour from %.10s %.5s UTC.",
	                        (long long)b->clicks, b->clicks == 1 ? "click" : "clicks", at.p,
	                        at.p + 11);
	return free_id(c, b, &t.external_id) && event_record(c, &t, &done)
	       && db_exec(c, &SQL_NAME_EVENT,
	                  ARGS(val_int(b->campaign_id), val_int(b->partner_id),
	                       val_int(b->link_id), val_int(b->hour), val_int(done.event.id)));
}

static bool pay_all(struct ctx *c, bool *out_more)
{
	struct list all;

	if (!db_list(c, &SQL_BUNDLES, ARGS(val_int(EVENTS_AT_ONCE)), sizeof(struct bundle), &all))
		return false;
	for (size_t i = 0; i < all.count; i++)
		if (!pay(c, (const struct bundle *)all.items + i))
			return false;
	*out_more = all.count == EVENTS_AT_ONCE;
	return true;
}

bool click_hours_step(struct ctx *c, bool *out_more)
{
	int64_t this_hour = c->now_ms / MS_PER_HOUR;
	struct hour h;

	if (!db_find(c, &SQL_OPEN, ARGS(val_int(this_hour)), &h, out_more))
		return false;
	return *out_more ? look(c, &h, this_hour) : pay_all(c, out_more);
}

const struct sql *const click_hours_sql[] = {
	&SQL_OPEN, &SQL_SKIP, &SQL_REACH, &SQL_PART, &SQL_TAKE, &SQL_BUNDLES, &SQL_NAME_EVENT, NULL,
};
