/* SPDX-License-Identifier: Apache-2.0 */
#include "event/answer.h"

#include "base/check.h"
#include "data/json_out.h"
#include "event/unpaid.h"
#include "rules/dispute.h"

struct str answer_attributes(struct ctx *c, const json_t *attributes)
{
	char *text;

	if (!attributes || json_object_size(attributes) == 0)
		return STR("");
	text = json_dumps(attributes, JSON_COMPACT | JSON_SORT_KEYS);
	CHECK(text != NULL);
	struct str copy = arena_str(c->arena, str_from(text));

	free(text);
	return copy;
}

static void say(struct buf *b, const char *key, struct str value)
{
	if (value.n > 0)
		jw_key_str(b, key, value);
}

static void say_customer(struct buf *b, const struct track *t)
{
	if (t->customer_id.n == 0)
		return;
	jw_key(b, "customer");
	jw_object(b);
	say(b, "id", t->customer_id);
	say(b, "country", t->customer_country);
	jw_object_end(b);
}

static void say_utm(struct buf *b, const struct link_utm *utm)
{
	if (utm->source.n == 0)
		return;
	jw_key(b, "utm");
	jw_object(b);
	say(b, "source", utm->source);
	say(b, "medium", utm->medium);
	say(b, "campaign", utm->campaign);
	jw_object_end(b);
}

struct str answer_facts(struct ctx *c, const struct track *t, struct str attributes)
{
	struct buf b;

	buf_init(&b, c->arena);
	jw_object(&b);
	say_customer(&b, t);
	say(&b, "code", t->code);
	say_utm(&b, &t->utm);
	say(&b, "product", t->product);
	say(&b, "site", t->site);
	say(&b, "plan", t->plan);
	if (t->of_type)
		jw_key_str(&b, "event_type", str_from(event_type_names[t->of_type]));
	say(&b, t->of_type ? "event_id" : "sale_id", t->of_id);
	if (t->type == EVENT_DISPUTE) {
		say(&b, "dispute", t->external_id);
		say(&b, "status", str_from(dispute_state_names[t->dispute_state]));
	}
	if (t->shipping > 0)
		jw_key_int(&b, "shipping", t->shipping);
	if (t->cleared_at)
		jw_key_time(&b, "cleared_at", t->cleared_at);
	if (t->partner_id)
		jw_key_id(&b, "partner", ID_PARTNER, t->partner_id);
	if (attributes.n > 0)
		jw_key_raw(&b, "attributes", attributes);
	jw_object_end(&b);
	return buf_text(&b);
}

void answer_commission(struct buf *b, const struct commission *m)
{
	jw_object(b);
	jw_key_id(b, "id", ID_COMMISSION, m->id);
	jw_key_id(b, "partner", ID_PARTNER, m->partner_id);
	jw_key_int(b, "amount", m->amount);
	jw_key_str(b, "currency", m->currency);
	jw_key_str(b, "status", str_from(commission_status_names[m->first_status]));
	jw_key_time(b, "matures_at", m->matures_at);
	jw_key_raw(b, "explanation", m->explanation);
	jw_object_end(b);
}

static void put_event(struct buf *b, const struct event *e)
{
	jw_key(b, "event");
	jw_object(b);
	jw_key_str(b, "object", STR("event"));
	jw_key_id(b, "id", ID_EVENT, e->id);
	jw_key_str(b, "type", str_from(event_type_names[e->type]));
	jw_key_str(b, "external_id", e->external_id);
	jw_key_id(b, "customer", ID_CUSTOMER, e->customer_id);
	if (e->type == EVENT_REFUND || e->type == EVENT_DISPUTE)
		jw_key_id(b, "sale", ID_EVENT, e->related_id);
	jw_key(b, "amount");
	if (e->amount < 0)
		jw_null(b);
	else
		jw_int(b, e->amount);
	jw_key(b, "currency");
	if (e->currency.n == 0)
		jw_null(b);
	else
		jw_str(b, e->currency);
	jw_key_time(b, "occurred_at", e->occurred_at);
	jw_object_end(b);
}

static void put_commissions(struct buf *b, const struct event *e, const struct list *commissions)
{
	if (e->outcome.n > 0) {
		jw_key_raw(b, "commissions", e->outcome);
		return;
	}
	jw_key(b, "commissions");
	jw_array(b);
	for (size_t i = 0; i < commissions->count; i++)
		answer_commission(b, (const struct commission *)commissions->items + i);
	jw_array_end(b);
}

static void put_unpaid(struct buf *b, const struct list *unpaid)
{
	jw_key(b, "unpaid");
	jw_array(b);
	for (size_t i = 0; i < unpaid->count; i++)
		unpaid_print(b, (const struct unpaid *)unpaid->items + i);
	jw_array_end(b);
}

struct str answer_fresh(struct ctx *c, const struct event *e, const struct list *commissions,
                        const struct list *unpaid)
{
	struct buf b;

	buf_init(&b, c->arena);
	jw_object(&b);
	put_event(&b, e);
	jw_key_raw(&b, "attribution", e->attribution);
	put_commissions(&b, e, commissions);
	put_unpaid(&b, unpaid);
	jw_object_end(&b);
	return buf_text(&b);
}

bool event_answer(struct ctx *c, const struct event *e, struct str *out)
{
	struct list commissions = { 0 }, unpaid;

	if (e->outcome.n == 0 && !commission_of_event(c, e->id, &commissions))
		return false;
	if (!unpaid_of_event(c, e, &unpaid))
		return false;
	*out = answer_fresh(c, e, &commissions, &unpaid);
	return true;
}
