/* SPDX-License-Identifier: Apache-2.0 */
#include "event/event_web.h"
#include "base/check.h"
#include "commission/commission.h"
#include "commission/explanation_web.h"
#include "data/json.h"
#include "event/about.h"
#include "event/event.h"
#include "event/track_api.h"
#include "event/unpaid.h"
#include "restate/restated.h"
#include "rules/names.h"
#include "web/attribution.h"
#include "web/listing.h"
#include "web/names.h"
#include "web/say.h"

static const struct listing_choice choices[] = {
	{ "type", "Type", event_type_names, NULL },
	{ "campaign", "Campaign", NULL, NULL },
};

static bool put_says(struct page *p, const void *row, json_t *view)
{
	const struct event *e = row;

	json_set_str(view, "kind", say_words(p->c->arena, str_from(event_type_names[e->type])));
	json_set_bool(view, "credited", e->partner_id != 0);
	json_set_bool(view, "has_amount", e->currency.n > 0);
	json_set_bool(view, "takes_back", e->outcome.n > 0);
	return true;
}

bool event_web_list(struct ctx *c, const struct req *q, struct res *r)
{
	const struct listing l = { .spec = &event_list, .choices = choices,
	                           .choice_count = LEN(choices), .when = "occurred_at",
	                           .row = put_says };
	struct page p;

	return page_open(&p, c, q, r)
	    && listing_put(&p, "list", &l)
	    && page_show(&p, "app/events.html", STR("Events"));
}

bool event_web_csv(struct ctx *c, const struct req *q, struct res *r)
{
	return listing_csv(c, q, r, &event_list, "events");
}

static void add_commissions(struct page *p, json_t *list, const struct list *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		const struct commission *m = (const struct commission *)rows->items + i;
		json_t *o = page_row(p, &commission_model, m);
		const json_t *explanation = json_object_get(o, "explanation");

		json_set_str(o, "sentence", json_text(json_object_get(explanation, "sentence")));
		json_array_append_new(list, o);
	}
}

/* Its own, and what restatements have added. */
static bool put_commissions(struct page *p, int64_t event_id)
{
	json_t *list = json_array();
	struct list own, restated;

	json_object_set_new(p->view, "commissions", list);
	if (!commission_of_event(p->c, event_id, &own)
	    || !restated_commissions(p->c, event_id, &restated))
		return false;
	add_commissions(p, list, &own);
	add_commissions(p, list, &restated);
	return names_put(p, list);
}

/* Who earns nothing of it, and why. */
static bool put_unpaid(struct page *p, const struct event *e)
{
	json_t *list = json_array();
	struct list all;

	json_object_set_new(p->view, "unpaid", list);
	if (!unpaid_of_event(p->c, e, &all))
		return false;
	for (size_t i = 0; i < all.count; i++) {
		const struct unpaid *u = (const struct unpaid *)all.items + i;
		json_t *o = json_object();

		json_array_append_new(list, o);
		json_set_id(o, "partner", ID_PARTNER, u->partner_id);
		json_set_str(o, "gate", say_words(p->c->arena, str_from(gate_names[u->gate])));
		if (!explanation_tell(p, u->explanation, u->terms_id, o))
			return false;
	}
	return names_put(p, list);
}

/* What a refund, dispute or churn did to each commission, in a sentence. */
static bool put_changes(struct page *p, const struct event *e)
{
	json_t *list = json_array(), *doc = NULL, *change;
	bool money = p->c->actor.sees_money;
	size_t i;

	json_object_set_new(p->view, "changes", list);
	if (e->outcome.n == 0)
		return true;
	if (!json_read(p->c, e->outcome, &doc))
		return false;
	json_array_foreach(doc, i, change) {
		const json_t *explanation = json_object_get(change, "explanation");
		int64_t amount = json_integer_value(json_object_get(change, "amount"));
		struct str currency = json_text(json_object_get(change, "currency"));
		json_t *o = json_object();

		json_set_str(o, "id", json_text(json_object_get(change, "id")));
		json_set_str(o, "partner", json_text(json_object_get(change, "partner")));
		json_set_str(o, "sum", money ? say_money(p, amount, currency) : STR(""));
		json_set_str(o, "sentence", money ? json_text(json_object_get(explanation, "sentence"))
		                                  : STR(""));
		json_array_append_new(list, o);
	}
	return names_put(p, list);
}

/* What a refund, a dispute or a restatement is about, in a word. */
static bool put_about(struct page *p, const struct event *e, json_t *view)
{
	struct event of;

	if (e->related_id == 0)
		return true;
	if (!event_get(p->c, e->related_id, &of))
		return false;
	json_set_str(view, "about", about_possible(of.type) ? str_from(about_noun(of.type))
	                                                         : STR("event"));
	return true;
}

bool event_web_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct event e;
	struct page p;
	int64_t id;
	json_t *view;

	if (!page_arg_id(c, q, ID_EVENT, &id) || !event_get(c, id, &e) || !page_open(&p, c, q, r)
	    || !page_put(&p, "event", &event_model, &e))
		return false;
	view = json_object_get(p.view, "event");
	put_says(&p, &e, view);
	json_set_bool(view, "invoice_known", e.invoice_index >= 0 && e.type == EVENT_SALE);
	json_set_int(view, "invoice_number", e.invoice_index + 1);
	if (c->actor.sees_personal_data)
		json_set_str(p.view, "facts", say_json(c->arena, e.facts));
	json_set_str(p.view, "raw_attribution", say_json(c->arena, e.attribution));
	if (c->actor.sees_money)
		json_set_str(p.view, "outcome", say_json(c->arena, e.outcome));
	return put_about(&p, &e, view)
	    && names_put(&p, view)
	    && attribution_put(&p, &e)
	    && put_commissions(&p, id)
	    && put_unpaid(&p, &e)
	    && put_changes(&p, &e)
	    && page_show(&p, "app/event.html", say_words(c->arena, str_from(event_type_names[e.type])));
}
