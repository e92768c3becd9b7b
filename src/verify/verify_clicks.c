/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify.h"

#include "base/check.h"
#include "base/id.h"
#include "click/record.h"
#include "data/json.h"
#include "event/event.h"

#define PAGE 1000

_Static_assert(EVENT_CLICK == 0 && CLICK_UNPAYABLE == 11, "the numbers in the statements below");

/* A click that is paid for, but is not there, is a robot's, or belongs to another hour. */
static const struct sql SQL_BAD_CLICK = {
	.text = "SELECT click_paid.click_id, click_paid.hour, click.at / 3600000 AS found"
	        " FROM click_paid LEFT JOIN click ON click.org_id = click_paid.org_id"
	        " AND click.id = click_paid.click_id WHERE click_paid.org_id = $1"
	        " AND (click.id IS NULL OR click.at / 3600000 <> click_paid.hour"
	        " OR click.at / 86400000 <> click_paid.day OR click.device <> click_paid.device"
	        " OR click.partner_id <> click_paid.partner_id"
	        " OR click.campaign_id <> click_paid.campaign_id OR (click.flags & 11) <> 0)",
};

/* A click whose event is none, or that of another partner, campaign or hour. */
static const struct sql SQL_BAD_EVENT = {
	.text = "SELECT click_paid.click_id, click_paid.hour, event.occurred_at / 3600000 AS found"
	        " FROM click_paid LEFT JOIN event ON event.org_id = click_paid.org_id"
	        " AND event.id = click_paid.event_id WHERE click_paid.org_id = $1"
	        " AND click_paid.event_id <> 0"
	        " AND (event.id IS NULL OR event.occurred_at <> click_paid.hour * 3600000"
	        " OR event.partner_id <> click_paid.partner_id"
	        " OR event.campaign_id <> click_paid.campaign_id OR event.type <> 0)",
};

static bool find_bad(struct verify *v, const struct sql *q, const char *what)
{
	struct rows r;

	arena_reset(v->c->arena);
	if (!db_query(v->c, q, NO_ARGS, &r))
		return false;
	for (size_t i = 0; i < r.count; i++) {
		char id[ID_TEXT_MAX];

		verify_id(ID_CLICK, rows_int(&r, i, 0), id);
		verify_found(v, "%s: %s (%lld, %lld)", id, what, (long long)rows_int(&r, i, 1),
		             (long long)rows_int(&r, i, 2));
	}
	return true;
}

struct hour {
	int64_t id, clicks;
	struct str inputs;
};

static const struct field fields[] = {
	FIELD(struct hour, id, .flags = 0),
	FIELD(struct hour, clicks, .flags = 0),
	FIELD(struct hour, inputs, .flags = 0),
};

static const struct model hour_model = MODEL("event", fields);

static const struct sql SQL_HOURS = {
	.text = "SELECT event.id, event.inputs, (SELECT COUNT(*) FROM click_paid"
	        " WHERE click_paid.org_id = $1 AND click_paid.event_id = event.id) AS clicks"
	        " FROM event WHERE event.org_id = $1 AND event.id > $2 AND event.type = 0"
	        " ORDER BY event.id LIMIT 1000",
	.model = &hour_model,
};

/* The event was judged by as many clicks as are paid for by it. */
static void check(struct verify *v, const struct hour *h)
{
	json_t *doc = NULL;
	int64_t judged = 0;
	char id[ID_TEXT_MAX];

	if (json_read_object(v->c, h->inputs, &doc))
		judged = json_integer_value(
		        json_object_get(json_object_get(doc, "event"), "quantity"));
	fail_clear(v->c);
	if (judged == h->clicks)
		return;
	id_format(ID_EVENT, h->id, id);
	verify_found(v, "%s: was judged by %lld clicks, %lld are paid by it", id,
	             (long long)judged, (long long)h->clicks);
}

bool verify_clicks(struct verify *v)
{
	struct list page;
	int64_t last = 0;

	if (!find_bad(v, &SQL_BAD_CLICK, "is paid, but not such a click")
	    || !find_bad(v, &SQL_BAD_EVENT, "is paid by an event that is not its own"))
		return false;
	do {
		arena_reset(v->c->arena);
		if (!db_list(v->c, &SQL_HOURS, ARGS(val_int(last)), sizeof(struct hour), &page))
			return false;
		for (size_t i = 0; i < page.count; i++) {
			const struct hour *h = (const struct hour *)page.items + i;

			check(v, h);
			last = h->id;
		}
	} while (page.count == PAGE);
	return true;
}

const struct sql *const verify_clicks_sql[] = {
	&SQL_BAD_CLICK, &SQL_BAD_EVENT, &SQL_HOURS, NULL,
};
