/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/portal_event_web.h"
#include "base/check.h"
#include "commission/commission.h"
#include "commission/explanation_web.h"
#include "data/json.h"
#include "event/concern.h"
#include "event/event.h"
#include "event/track_api.h"
#include "event/unpaid.h"
#include "portal/portal_web.h"
#include "web/listing.h"
#include "web/names.h"
#include "web/say.h"

static json_t *add(json_t *list)
{
	json_t *o = json_object();

	json_array_append_new(list, o);
	return o;
}

/* {id, sum}: the partner's commissions. */
static bool put_earned(struct page *p, const struct event *e, json_t *list)
{
	struct list made;

	if (!commission_of_event(p->c, e->id, &made))
		return false;
	for (size_t i = 0; i < made.count; i++) {
		const struct commission *m = (const struct commission *)made.items + i;
		json_t *o;

		if (m->partner_id != p->c->actor.partner_id)
			continue;
		o = add(list);
		json_set_id(o, "id", ID_COMMISSION, m->id);
		json_set_str(o, "sum", say_money(p, m->amount, m->currency));
	}
	return true;
}

/* {id, sum}: what a refund and the like took back of the partner's, or gave back. */
static bool put_taken(struct page *p, const struct event *e, json_t *list)
{
	struct str me = id_str(p->c->arena, ID_PARTNER, p->c->actor.partner_id);
	json_t *doc, *change;
	size_t i;

	if (e->outcome.n == 0)
		return true;
	if (!json_read(p->c, e->outcome, &doc))
		return false;
	json_array_foreach(doc, i, change) {
		json_t *o;

		if (!str_eq(json_text(json_object_get(change, "partner")), me))
			continue;
		o = add(list);
		json_set_str(o, "id", json_text(json_object_get(change, "id")));
		json_set_str(o, "sum", say_money(p, json_integer_value(json_object_get(change, "amount")),
		                                 json_text(json_object_get(change, "currency"))));
	}
	return true;
}

/* {sentence, steps}: what kept the partner's part from earning. */
static bool put_unpaid(struct page *p, const struct event *e, json_t *list)
{
	struct list all;

	if (!unpaid_of_event(p->c, e, &all))
		return false;
	for (size_t i = 0; i < all.count; i++) {
		const struct unpaid *u = (const struct unpaid *)all.items + i;

		if (u->partner_id == p->c->actor.partner_id
		    && !explanation_tell(p, u->explanation, u->terms_id, add(list)))
			return false;
	}
	return true;
}

static bool put_outcome(struct page *p, const struct event *e, json_t *view)
{
	json_t *earned = json_array(), *unpaid = json_array();

	json_set_str(view, "kind", say_words(p->c->arena, str_from(event_type_names[e->type])));
	json_object_set_new(view, "earned", earned);
	json_object_set_new(view, "unpaid", unpaid);
	if (!put_earned(p, e, earned) || !put_taken(p, e, earned) || !put_unpaid(p, e, unpaid))
		return false;
	json_set_bool(view, "takes_back", e->outcome.n > 0);
	json_set_bool(view, "nothing", json_array_size(earned) + json_array_size(unpaid) == 0);
	return true;
}

static const struct list_filter filters[] = {
	{ .column = "partner_id", .lead = CONCERN_LEAD },
	{ .column = "campaign_id" },
	{ .column = "type" },
	{ .column = "occurred_at" },
};

const struct list_spec portal_event_spec = {
	.model = &event_model,
	.row_size = sizeof(struct event),
	.filters = filters,
	.filter_count = LEN(filters),
	.partner_column = "partner_id",
};

/* The customer is the first partner's. */
static bool put_row(struct page *p, const void *row, json_t *view)
{
	const struct event *e = row;

	if (e->partner_id != p->c->actor.partner_id)
		json_object_del(view, "customer");
	return put_outcome(p, e, view);
}

bool portal_event_list(struct ctx *c, const struct req *q, struct res *r)
{
	const struct listing l = { .spec = &portal_event_spec, .row = put_row };
	struct portal o;

	return portal_web_open(&o, c, q, r)
	    && listing_put(&o.page, "list", &l)
	    && portal_web_show(&o, "portal/events.html", STR("Sales and leads"));
}

/* Only what the page shows: the caller's ids and words are none of the partner's business. */
static void put_event(struct page *p, const struct event *e, json_t *view)
{
	bool first = e->partner_id == p->c->actor.partner_id;

	json_set_id(view, "campaign", ID_CAMPAIGN, e->campaign_id);
	json_set_time(view, "occurred_at", e->occurred_at);
	json_set_str(view, "sum", first && e->currency.n > 0 && e->amount >= 0
	                                  ? say_money(p, e->amount, e->currency)
	                                  : STR(""));
	json_set_id(view, "customer", ID_CUSTOMER, first ? e->customer_id : 0);
	json_set_int(view, "payment", first && e->invoice_index >= 0 ? e->invoice_index + 1 : 0);
}

bool portal_event_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct event e;
	struct portal o;
	int64_t id;
	json_t *view;

	if (!page_arg_id(c, q, ID_EVENT, &id) || !event_get(c, id, &e)
	    || !portal_web_open(&o, c, q, r))
		return false;
	view = json_object();
	json_object_set_new(o.page.view, "event", view);
	if (!put_outcome(&o.page, &e, view))
		return false;
	if (json_is_true(json_object_get(view, "nothing")) && !partner_visible(c, e.partner_id))
		return false;
	put_event(&o.page, &e, view);
	return names_put(&o.page, view)
	    && portal_web_show(&o, "portal/event.html",
	                       json_text(json_object_get(view, "kind")));
}
