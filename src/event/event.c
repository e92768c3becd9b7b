/* SPDX-License-Identifier: Apache-2.0 */
#include "event/event.h"

#include "app.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/id.h"
#include "base/money.h"
#include "click/lookup.h"
#include "customer/customer.h"
#include "db/ticket.h"
#include "event/about.h"
#include "event/answer.h"
#include "event/churn.h"
#include "event/dispute.h"
#include "event/earn.h"
#include "event/refund.h"
#include "outbox/outbox.h"
#include "work/work.h"

#include <stdatomic.h>

#define CLEARING_MAX_DAYS 400
#define REPORT_EVERY 2000 /* events; of several organisations, those with more are met more often */

const char *const event_type_names[] = {
	[EVENT_CLICK] = "click",
	[EVENT_LEAD] = "lead",
	[EVENT_SALE] = "sale",
	[EVENT_REFUND] = "refund",
	[EVENT_CHURN] = "churn",
	[EVENT_QUALIFIED_REFERRAL] = "qualified_referral",
	[EVENT_PROJECT_DELIVERED] = "project_delivered",
	[EVENT_DEAL_CLOSED] = "deal_closed",
	[EVENT_RETAINER] = "retainer",
	[EVENT_GOAL] = "goal",
	[EVENT_DISPUTE] = "dispute",
	[EVENT_TRUE_UP] = "true_up",
	[EVENT_RESTATED] = "restated",
	NULL,
};

static const struct field fields[] = {
	FIELD(struct event, id, .flags = OUT, .as = AS_ID, .id = ID_EVENT),
	FIELD(struct event, external_key, .flags = 0),
	FIELD(struct event, external_id, .flags = OUT),
	FIELD(struct event, type, .flags = OUT, .as = AS_ENUM, .names = event_type_names),
	FIELD(struct event, fingerprint, .flags = 0),
	FIELD(struct event, customer_id, .json = "customer", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_CUSTOMER),
	FIELD(struct event, campaign_id, .json = "campaign", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_CAMPAIGN),
	FIELD(struct event, partner_id, .json = "partner", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_PARTNER),
	FIELD(struct event, link_id, .json = "link", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_LINK),
	FIELD(struct event, click_id, .json = "click", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_CLICK),
	FIELD(struct event, related_id, .json = "sale", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_EVENT),
	FIELD(struct event, amount, .flags = OUT | MONEY_ONLY | OPEN),
	FIELD(struct event, tax, .flags = OUT | MONEY_ONLY),
	FIELD(struct event, currency, .flags = OUT | NULLABLE),
	FIELD(struct event, invoice_index, .flags = OUT | OPEN),
	FIELD(struct event, occurred_at, .flags = OUT, .as = AS_TIME),
	FIELD(struct event, received_at, .flags = OUT, .as = AS_TIME),
	FIELD(struct event, source, .flags = OUT),
	FIELD(struct event, facts, .flags = 0, .as = AS_JSON),
	FIELD(struct event, attribution, .flags = 0, .as = AS_JSON),
	FIELD(struct event, outcome, .flags = 0, .as = AS_JSON),
	FIELD(struct event, inputs, .flags = 0, .as = AS_JSON),
};

const struct model event_model = MODEL("event", fields);

/* Two ids may share a key (in one of 10^19 pairs): the second one gets the next free key. */
#define KEY_TRIES 8

static const struct sql SQL_BY_KEY = {
	.text = "SELECT @columns FROM event WHERE org_id = $1 AND @event_key $2",
	.model = &event_model,
	.beside = "event",
	.beside_key = 2,
};

static int64_t event_key(enum event_type type, struct str external_id)
{
	return digest_key(str_from(event_type_names[type]), external_id);
}

static bool find_by_key(struct ctx *c, struct event *wanted, struct event *out, bool *out_found)
{
	wanted->external_key = event_key((enum event_type)wanted->type, wanted->external_id);
	for (int i = 0; i < KEY_TRIES; i++, wanted->external_key++) {
		if (!db_find(c, &SQL_BY_KEY, ARGS(val_int(wanted->external_key)), out, out_found))
			return false;
		if (!*out_found || (out->type == wanted->type
		                    && str_eq(out->external_id, wanted->external_id)))
			return true;
	}
	return fail(c, ERR_CONFLICT, "id", "this id cannot be stored; choose another");
}

bool event_find(struct ctx *c, enum event_type type, struct str external_id, struct event *out,
                bool *out_found)
{
	struct event wanted = { .type = type, .external_id = external_id };

	return find_by_key(c, &wanted, out, out_found);
}

bool event_place(struct ctx *c, struct event *e, bool *out_known)
{
	struct event there;

	return find_by_key(c, e, &there, out_known);
}

bool event_get(struct ctx *c, int64_t id, struct event *out)
{
	return db_get_id(c, &event_model, id, out);
}

static const struct sql SQL_NEWEST = {
	.text = "SELECT id FROM event WHERE org_id = $1 ORDER BY id DESC LIMIT 1",
};

bool event_newest(struct ctx *c, int64_t *out_id)
{
	return db_int(c, &SQL_NEWEST, NO_ARGS, out_id);
}

static void put(struct buf *b, struct str s)
{
	buf_int(b, (int64_t)s.n);
	buf_char(b, ':');
	buf_str(b, s);
}

static void put_int(struct buf *b, int64_t value)
{
	buf_int(b, value);
	buf_char(b, ';');
}

static void put_utm(struct buf *b, const struct link_utm *utm)
{
	put(b, utm->source);
	put(b, utm->medium);
	put(b, utm->campaign);
}

/* A digest of all that the caller said; what it left to us (the time of arrival) is not in it. */
static struct str fingerprint(struct ctx *c, const struct track *t, struct str attributes)
{
	struct buf b;

	buf_init(&b, c->arena);
	put_int(&b, t->click_id);
	put_int(&b, t->partner_id);
	put_int(&b, t->amount);
	put_int(&b, t->amount_given);
	put_int(&b, t->tax);
	put_int(&b, t->shipping);
	put_int(&b, t->occurred_at);
	if (t->cleared_at)
		put_int(&b, t->cleared_at);
	if (t->utm.source.n > 0)
		put_utm(&b, &t->utm);
	put(&b, t->code);
	put(&b, t->customer_id);
	put(&b, t->customer_email);
	put(&b, t->customer_name);
	put(&b, t->customer_country);
	put(&b, t->currency);
	put(&b, t->product);
	put(&b, t->site);
	put(&b, t->plan);
	put(&b, t->of_id);
	if (t->of_type)
		put_int(&b, t->of_type);
	put_int(&b, t->dispute_state);
	put(&b, attributes);
	return digest_hex(c->arena, buf_text(&b), 16);
}

static bool replay(struct ctx *c, const struct event *wanted, struct recorded *out)
{
	if (!str_eq(wanted->fingerprint, out->event.fingerprint))
		return fail(c, ERR_CONFLICT, "id",
		            "this id was used for another %s, with other content",
		            event_type_names[wanted->type]);
	out->replayed = true;
	return event_answer(c, &out->event, &out->answer);
}

static bool about_another(const struct track *t)
{
	return t->type == EVENT_REFUND || t->type == EVENT_DISPUTE;
}

static bool check_cleared(struct ctx *c, const struct track *t)
{
	int64_t from = t->occurred_at ? t->occurred_at : c->now_ms;

	if (t->cleared_at == 0)
		return true;
	if (t->cleared_at < t->occurred_at)
		return fail(c, ERR_INVALID, "cleared_at", "lies before occurred_at");
	return t->cleared_at <= from + CLEARING_MAX_DAYS * MS_PER_DAY
	    || fail(c, ERR_INVALID, "cleared_at", "lies more than %d days after occurred_at",
	            CLEARING_MAX_DAYS);
}

static bool check(struct ctx *c, const struct track *t)
{
	if (t->external_id.n == 0)
		return fail(c, ERR_INVALID, "id", "must be given");
	if (t->amount < 0 || t->amount > MONEY_MAX_MINOR)
		return fail(c, ERR_INVALID, "amount", "must be from 0 to %lld", MONEY_MAX_MINOR);
	if (t->tax < 0 || t->tax > t->amount)
		return fail(c, ERR_INVALID, "tax", "must be from 0 to the amount");
	if (t->shipping < 0 || t->shipping > t->amount - t->tax)
		return fail(c, ERR_INVALID, "shipping",
		            "must be from 0 to the amount less the tax");
	if (t->type == EVENT_SALE && !currency_find(t->currency))
		return fail(c, ERR_INVALID, "currency", "is not an ISO 4217 currency");
	if (about_another(t) && !about_check(c, t))
		return false;
	if ((t->type == EVENT_SALE || t->type == EVENT_LEAD || t->type == EVENT_CHURN)
	    && t->customer_id.n == 0)
		return fail(c, ERR_INVALID, "customer/id", "must be given");
	if (t->amount > 0 && !about_another(t) && !currency_find(t->currency))
		return fail(c, ERR_INVALID, "currency", "is not an ISO 4217 currency");
	return check_cleared(c, t);
}

bool event_ahead(struct ctx *c, const struct track *t)
{
	int64_t key;

	if (about_another(t) || !db_asks_ahead(c))
		return true;
	key = event_key((enum event_type)t->type, t->external_id);
	return db_ahead(c, &SQL_BY_KEY, ARGS(val_int(key)))
	       && (!t->customer_id.n || customer_ahead(c, t->customer_id))
	       && (!t->click_id || click_ahead(c, t->click_id));
}

bool event_takes_back(int64_t type)
{
	return type == EVENT_REFUND || type == EVENT_DISPUTE || type == EVENT_CHURN;
}

void event_about(struct event *e, const struct event *of)
{
	e->currency = of->currency;
	e->related_id = of->id;
	e->customer_id = of->customer_id;
	e->campaign_id = of->campaign_id;
	e->partner_id = of->partner_id;
}

static bool record(struct ctx *c, const struct track *t, struct event *e, struct list *out_made,
                   struct list *out_unpaid)
{
	switch ((enum event_type)t->type) {
	case EVENT_REFUND:
		return refund_record(c, t, e);
	case EVENT_DISPUTE:
		return dispute_record(c, t, e);
	case EVENT_CHURN:
		return churn_record(c, t, e);
	default:
		return earn_record(c, t, e, out_made, out_unpaid);
	}
}

bool event_prepare(struct ctx *c, struct track *t)
{
	struct str attributes;

	if (!check(c, t))
		return false;
	attributes = answer_attributes(c, t->attributes);
	t->fingerprint = fingerprint(c, t, attributes);
	t->facts = answer_facts(c, t, attributes);
	return true;
}

/* What the calendar's jobs and restatements record is told by its commissions. */
static bool tell(struct ctx *c, const struct event *e)
{
	static const enum outbox_type types[] = {
		[EVENT_LEAD] = OUTBOX_LEAD_RECORDED,
		[EVENT_SALE] = OUTBOX_SALE_RECORDED,
		[EVENT_REFUND] = OUTBOX_REFUND_RECORDED,
		[EVENT_CHURN] = OUTBOX_CHURN_RECORDED,
		[EVENT_QUALIFIED_REFERRAL] = OUTBOX_QUALIFIED_REFERRAL_RECORDED,
		[EVENT_PROJECT_DELIVERED] = OUTBOX_PROJECT_DELIVERED_RECORDED,
		[EVENT_DEAL_CLOSED] = OUTBOX_DEAL_CLOSED_RECORDED,
		[EVENT_GOAL] = OUTBOX_GOAL_RECORDED,
		[EVENT_DISPUTE] = OUTBOX_DISPUTE_RECORDED,
		[EVENT_RESTATED] = OUTBOX_TEST,
	};

	CHECK(e->type >= 0 && e->type < (int64_t)LEN(types));
	return types[e->type] == OUTBOX_TEST || outbox_post(c, types[e->type], e->id);
}

/* The more happens, the more often it is folded (report/report.h), so that pages add up little. */
static void wake_report(struct ctx *c)
{
	static atomic_uint recorded;

	if (app_of(c) && app_of(c)->work
	    && atomic_fetch_add_explicit(&recorded, 1, memory_order_relaxed) % REPORT_EVERY == 0)
		work_wake(app_of(c)->work, "report", c->org_id);
}

static bool record_prepared(struct ctx *c, const struct track *t, struct recorded *out)
{
	const struct currency *cur = currency_find(t->currency);
	struct event e = {
		.type = t->type,
		.external_id = t->type == EVENT_DISPUTE ? dispute_external_id(c, t) : t->external_id,
		.fingerprint = t->fingerprint,
		.click_id = t->click_id,
		.amount = t->amount,
		.tax = t->tax,
		.currency = cur ? str_from(cur->code) : STR(""),
		.invoice_index = -1,
		.occurred_at = t->occurred_at ? t->occurred_at : c->now_ms,
		.received_at = c->now_ms,
		.source = t->source,
		.facts = t->facts,
	};
	struct list made = { 0 }, unpaid = { 0 };
	bool found;

	out->replayed = false;
	if (!event_ahead(c, t) || !find_by_key(c, &e, &out->event, &found))
		return false;
	if (found)
		return replay(c, &e, out);
	e.id = id_new();
	if (!record(c, t, &e, &made, &unpaid) || !tell(c, &e))
		return false;
	wake_report(c);
	out->event = e;
	out->answer = answer_fresh(c, &e, &made, &unpaid);
	return true;
}

bool event_record(struct ctx *c, const struct track *t, struct recorded *out)
{
	struct track own;

	if (t->fingerprint.n > 0)
		return record_prepared(c, t, out);
	own = *t;
	return event_prepare(c, &own) && record_prepared(c, &own, out);
}

const struct sql *const event_sql[] = { &SQL_BY_KEY, &SQL_NEWEST, NULL };
