/* SPDX-License-Identifier: Apache-2.0 */
#include "event/track_read.h"

#include "base/check.h"
#include "base/clock.h"
#include "data/json.h"
#include "event/about.h"
#include "rules/dispute.h"

#define ATTRIBUTES_MAX 50
#define ATTRIBUTE_KEY_MAX 40
#define ATTRIBUTE_VALUE_MAX 500

static const char *const lead_keys[] = {
	"id",       "type",        "click_id",   "code", "partner", "utm",
	"customer", "occurred_at", "attributes", NULL,
};

static const char *const sale_keys[] = {
	"id",       "type",    "click_id", "code", "partner",     "customer",   "amount", "tax",
	"shipping", "currency", "product", "site", "plan", "occurred_at", "cleared_at",
	"attributes", "utm", NULL,
};

static const char *const occasion_keys[] = {
	"id",       "type",    "click_id", "code", "partner",     "customer",   "amount", "tax",
	"shipping", "currency", "product", "site", "plan", "occurred_at", "cleared_at",
	"attributes", "goal", "utm", NULL,
};

static const char *const refund_keys[] = {
	"id",       "type",     "sale_id",     "event_type", "event_id",
	"amount", "currency", "occurred_at", "attributes", NULL,
};

static const char *const dispute_keys[] = {
	"id",     "type",     "sale_id",     "event_type", "event_id", "status",
	"amount", "currency", "occurred_at", "attributes", NULL,
};

static const char *const churn_keys[] = {
	"id", "type", "customer", "occurred_at", "attributes", NULL,
};

static const char *const utm_keys[] = { "source", "medium", "campaign", NULL };
static const char *const customer_keys[] = { "id", "email", "name", "country", NULL };

static bool read_customer_members(struct ctx *c, const json_t *o, struct track *t)
{
	return json_only(c, o, customer_keys)
	    && json_get_str(c, o, "id", MUST(1, 200), &t->customer_id)
	       && json_get_str(c, o, "email", MAY(3, 254), &t->customer_email)
	       && json_get_str(c, o, "name", MAY(1, 200), &t->customer_name)
	       && json_get_country(c, o, "country", MAY(0, 0), &t->customer_country);
}

static bool read_customer(struct ctx *c, const json_t *body, struct want w, struct track *t)
{
	json_t *o = NULL;

	if (!json_get_object(c, body, "customer", w, &o))
		return false;
	if (!o)
		return true;
	return read_customer_members(c, o, t) || fail_under(c, "customer");
}

static bool read_attribute(struct ctx *c, const json_t *o, const char *key)
{
	const json_t *value = json_object_get(o, key);
	struct str text;

	if (!want_str(c, key, MUST(1, ATTRIBUTE_KEY_MAX), str_from(key)))
		return false;
	if (json_is_integer(value))
		return true;
	return json_get_str(c, o, key, MUST(0, ATTRIBUTE_VALUE_MAX), &text);
}

static bool read_attributes(struct ctx *c, const json_t *body, struct track *t)
{
	const char *key;
	json_t *value;

	if (!json_get_object(c, body, "attributes", MAY(0, 0), &t->attributes))
		return false;
	if (!t->attributes)
		return true;
	if (json_object_size(t->attributes) > ATTRIBUTES_MAX)
		return fail(c, ERR_INVALID, "attributes", "at most %d attributes", ATTRIBUTES_MAX);
	json_object_foreach(t->attributes, key, value) {
		if (!read_attribute(c, t->attributes, key))
			return fail_under(c, "attributes");
	}
	return true;
}

static bool read_utm_members(struct ctx *c, const json_t *o, struct link_utm *utm)
{
	return json_only(c, o, utm_keys)
	    && json_get_str(c, o, "source", MUST(1, 100), &utm->source)
	       && json_get_str(c, o, "medium", MAY(1, 100), &utm->medium)
	       && json_get_str(c, o, "campaign", MAY(1, 100), &utm->campaign);
}

static bool read_utm(struct ctx *c, const json_t *body, struct track *t)
{
	json_t *o = NULL;

	if (!json_get_object(c, body, "utm", MAY(0, 0), &o))
		return false;
	return !o || read_utm_members(c, o, &t->utm) || fail_under(c, "utm");
}

static bool read_origin(struct ctx *c, const json_t *body, struct want customer, struct track *t)
{
	return json_get_id(c, body, "click_id", MAY_ID(ID_CLICK), &t->click_id)
	       && json_get_str(c, body, "code", MAY(1, 64), &t->code)
	       && json_get_id(c, body, "partner", MAY_ID(ID_PARTNER), &t->partner_id)
	       && read_utm(c, body, t) && read_customer(c, body, customer, t);
}

static bool read_currency(struct ctx *c, const json_t *body, struct want w, struct track *t)
{
	const struct currency *cur = NULL;

	if (!json_get_currency(c, body, "currency", w, &cur))
		return false;
	if (cur)
		t->currency = str_from(cur->code);
	return true;
}

/* What was paid, and for what. */
static bool read_payment(struct ctx *c, const json_t *body, struct want w, struct track *t)
{
	t->amount_given = true;
	return json_get_money(c, body, "amount", w, &t->amount)
	       && json_get_money(c, body, "tax", MAY(0, 0), &t->tax)
	       && json_get_money(c, body, "shipping", MAY(0, 0), &t->shipping)
	       && read_currency(c, body, t->amount > 0 ? MUST(0, 0) : w, t)
	       && json_get_time(c, body, "cleared_at", MAY(0, 0), &t->cleared_at)
	       && json_get_str(c, body, "product", MAY(1, 100), &t->product)
	       && json_get_str(c, body, "site", MAY(1, 253), &t->site)
	       && json_get_str(c, body, "plan", MAY(1, 100), &t->plan);
}

static bool read_sale(struct ctx *c, const json_t *body, struct track *t)
{
	return json_only(c, body, sale_keys) && read_origin(c, body, MUST(0, 0), t)
	       && read_payment(c, body, MUST(0, 0), t);
}

static bool given(const json_t *o, const char *key)
{
	const json_t *value = json_object_get(o, key);

	return value && !json_is_null(value);
}

/* The goal's name becomes an attribute, so that conditions of the terms can ask for it. */
static bool read_goal(struct ctx *c, const json_t *body, struct track *t)
{
	struct str goal = { 0 };
	json_t *with;

	if (t->type != EVENT_GOAL)
		return json_object_get(body, "goal") == NULL
		       || fail(c, ERR_INVALID, "goal", "only an event of the type goal has one");
	if (!json_get_str(c, body, "goal", MUST(1, 100), &goal))
		return false;
	if (json_object_get(t->attributes, "goal"))
		return fail(c, ERR_INVALID, "attributes/goal", "is the goal itself");
	with = t->attributes ? json_copy(t->attributes) : json_object();
	json_set_str(with, "goal", goal);
	t->attributes = json_own(c->arena, with);
	return true;
}

static bool read_occasion(struct ctx *c, const json_t *body, struct track *t)
{
	return json_only(c, body, occasion_keys) && read_origin(c, body, MAY(0, 0), t)
	       && read_payment(c, body, MAY(0, 0), t) && read_goal(c, body, t);
}

/* What it is about: {"sale_id"}, or {"event_type", "event_id"}. */
static bool read_about(struct ctx *c, const json_t *body, struct track *t)
{
	struct str sale = { 0 };
	int64_t type = EVENT_SALE;

	if (!json_get_str(c, body, "sale_id", MAY(1, 200), &sale)
	    || !json_get_str(c, body, "event_id", MAY(1, 200), &t->of_id)
	    || !about_read(c, body, "event_type", &type))
		return false;
	if (sale.n > 0 && (t->of_id.n > 0 || given(body, "event_type")))
		return fail(c, ERR_INVALID, "sale_id",
		            "cannot be given together with event_type and event_id");
	if (given(body, "event_type") && t->of_id.n == 0)
		return fail(c, ERR_INVALID, "event_id", "is required beside event_type");
	if (t->of_id.n > 0 && !given(body, "event_type"))
		return fail(c, ERR_INVALID, "event_type", "is required beside event_id");
	if (sale.n == 0 && t->of_id.n == 0)
		return fail(c, ERR_INVALID, "sale_id", "is required, or event_type and event_id");
	if (sale.n > 0)
		t->of_id = sale;
	else if (type != EVENT_SALE)
		t->of_type = type;
	return true;
}

static bool read_refund(struct ctx *c, const json_t *body, struct track *t)
{
	t->amount_given = given(body, "amount");
	return json_only(c, body, refund_keys)
	       && read_about(c, body, t)
	       && json_get_money(c, body, "amount", MAY(1, 0), &t->amount)
	       && read_currency(c, body, MAY(0, 0), t);
}

static bool read_dispute(struct ctx *c, const json_t *body, struct track *t)
{
	static const char *const *names = dispute_state_names;

	t->amount_given = given(body, "amount");
	return json_only(c, body, dispute_keys)
	       && read_about(c, body, t)
	       && json_get_name(c, body, "status", MUST_NAME(names), &t->dispute_state)
	       && json_get_money(c, body, "amount", MAY(1, 0), &t->amount)
	       && read_currency(c, body, MAY(0, 0), t);
}

/* Who left: {"id": …}, as other events name a customer, or the id alone. */
static bool read_churn(struct ctx *c, const json_t *body, struct track *t)
{
	static const char *const id_only[] = { "id", NULL };
	json_t *o = NULL;

	if (!json_only(c, body, churn_keys))
		return false;
	if (json_is_string(json_object_get(body, "customer")))
		return json_get_str(c, body, "customer", MUST(1, 200), &t->customer_id);
	if (!json_get_object(c, body, "customer", MUST(0, 0), &o))
		return false;
	return (json_only(c, o, id_only)
	        && json_get_str(c, o, "id", MUST(1, 200), &t->customer_id))
	       || fail_under(c, "customer");
}

static bool read_by_type(struct ctx *c, const json_t *body, struct track *t)
{
	switch ((enum event_type)t->type) {
	case EVENT_SALE:
		return read_sale(c, body, t);
	case EVENT_REFUND:
		return read_refund(c, body, t);
	case EVENT_DISPUTE:
		return read_dispute(c, body, t);
	case EVENT_CHURN:
		return read_churn(c, body, t);
	case EVENT_LEAD:
		return json_only(c, body, lead_keys) && read_origin(c, body, MUST(0, 0), t);
	default:
		return read_occasion(c, body, t);
	}
}

bool track_read(struct ctx *c, const json_t *body, enum event_type type, struct track *out)
{
	struct track t = { .type = type, .source = STR("api") };

	if (!json_get_str(c, body, "id", MUST(1, 200), &t.external_id)
	    || !json_get_time(c, body, "occurred_at", MAY(0, 0), &t.occurred_at)
	    || !read_attributes(c, body, &t))
		return false;
	if (t.occurred_at > c->now_ms + MS_PER_DAY)
		return fail(c, ERR_INVALID, "occurred_at", "lies more than a day in the future");
	if (!read_by_type(c, body, &t))
		return false;
	*out = t;
	return true;
}
