/* SPDX-License-Identifier: Apache-2.0 */
#include "deal/deal_step.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/money.h"
#include "campaign/terms_cache.h"
#include "data/checks.h"
#include "deal/conflict.h"
#include "event/event.h"
#include "outbox/outbox.h"
#include "rules/terms.h"

#define NOTE_MAX 1000

static const struct field note_fields[] = {
	FIELD(struct deal_step, note, .flags = IN | NULLABLE, .max = NOTE_MAX),
};

static const struct field reason_fields[] = {
	FIELD(struct deal_step, note, .flags = IN | REQUIRED, .max = NOTE_MAX),
};

static const struct field extend_fields[] = {
	FIELD(struct deal_step, days, .flags = IN | REQUIRED, .min = 1,
	      .max = DEAL_EXTEND_DAYS_MAX),
	FIELD(struct deal_step, note, .flags = IN | REQUIRED, .max = NOTE_MAX),
};

static const struct field win_fields[] = {
	FIELD(struct deal_step, amount, .flags = IN | NULLABLE, .max = MONEY_MAX_MINOR),
	FIELD(struct deal_step, currency, .flags = IN | NULLABLE | UPPER, .check = check_currency),
	FIELD(struct deal_step, customer, .flags = IN | NULLABLE, .max = 200),
	FIELD(struct deal_step, occurred_at, .flags = IN | NULLABLE, .as = AS_TIME),
	FIELD(struct deal_step, note, .flags = IN | NULLABLE, .max = NOTE_MAX),
};

const struct model deal_note_model = MODEL("step", note_fields);
const struct model deal_reason_model = MODEL("step", reason_fields);
const struct model deal_extend_model = MODEL("step", extend_fields);
const struct model deal_win_model = MODEL("step", win_fields);

#define AT(stage) (1u << (stage))

static const struct {
	bool (*step)(struct ctx *c, struct deal *d, const struct deal_step *step);
	unsigned from;
} rules[] = {
	{ deal_approve, AT(DEAL_REVIEW) | AT(DEAL_DECLINED) },
	{ deal_decline, AT(DEAL_REVIEW) },
	{ deal_extend, AT(DEAL_REGISTERED) | AT(DEAL_EXPIRED) },
	{ deal_win, AT(DEAL_REGISTERED) | AT(DEAL_EXPIRED) },
	{ deal_lose, AT(DEAL_REGISTERED) | AT(DEAL_EXPIRED) },
};

bool deal_can(int64_t stage, bool (*step)(struct ctx *, struct deal *, const struct deal_step *))
{
	for (size_t i = 0; i < LEN(rules); i++)
		if (rules[i].step == step)
			return rules[i].from & AT((unsigned)stage);
	return false;
}

static bool check_stage(struct ctx *c, const struct deal *d,
                        bool (*step)(struct ctx *, struct deal *, const struct deal_step *))
{
	return deal_can(d->stage, step)
	    || fail(c, ERR_STATE, "stage", "this is not possible for a deal whose stage is %s",
	            deal_stage_names[d->stage]);
}

static bool check_free(struct ctx *c, const struct deal *d)
{
	char id[ID_TEXT_MAX];
	struct deal other;
	bool found;

	if (!conflict_with_deal(c, d, &other, &found))
		return false;
	if (!found)
		return true;
	id_format(ID_DEAL, other.id, id);
	return fail(c, ERR_STATE, "stage", "another deal on this account, %s, is protected", id);
}

/* Store, tell, and show it as it is now. */
static bool save(struct ctx *c, const char *action, enum outbox_type told, struct deal *d,
                 struct deal *after)
{
	if (!deal_save(c, action, d, after) || !outbox_post(c, told, d->id))
		return false;
	deal_settle(c, after);
	*d = *after;
	return true;
}

bool deal_approve(struct ctx *c, struct deal *d, const struct deal_step *step)
{
	struct terms_in_force now;
	struct deal after = *d;

	if (!check_stage(c, d, deal_approve) || !check_free(c, d)
	    || !terms_in_force(c, d->campaign_id, c->now_ms, &now))
		return false;
	after.stage = DEAL_REGISTERED;
	after.reason = step->note;
	after.registered_at = c->now_ms;
	after.protected_until = c->now_ms + now.terms->attribution.deal_days * MS_PER_DAY;
	return save(c, "deal.approve", OUTBOX_DEAL_APPROVED, d, &after);
}

bool deal_decline(struct ctx *c, struct deal *d, const struct deal_step *step)
{
	struct deal after = *d;

	after.stage = DEAL_DECLINED;
	after.reason = step->note;
	return check_stage(c, d, deal_decline)
	    && save(c, "deal.decline", OUTBOX_DEAL_DECLINED, d, &after);
}

bool deal_extend(struct ctx *c, struct deal *d, const struct deal_step *step)
{
	int64_t from = d->protected_until > c->now_ms ? d->protected_until : c->now_ms;
	struct deal after = *d;

	if (!check_stage(c, d, deal_extend) || !check_free(c, d))
		return false;
	after.stage = DEAL_REGISTERED;
	after.reason = step->note;
	after.protected_until = from + step->days * MS_PER_DAY;
	return save(c, "deal.extend", OUTBOX_DEAL_EXTENDED, d, &after);
}

bool deal_lose(struct ctx *c, struct deal *d, const struct deal_step *step)
{
	struct deal after = *d;

	after.stage = DEAL_LOST;
	after.reason = step->note;
	if (after.protected_until > c->now_ms)
		after.protected_until = c->now_ms;
	return check_stage(c, d, deal_lose)
	    && save(c, "deal.lose", OUTBOX_DEAL_LOST, d, &after);
}

static bool check_time(struct ctx *c, const struct deal *d, int64_t at_ms)
{
	if (at_ms > c->now_ms)
		return fail(c, ERR_INVALID, "occurred_at", "lies in the future");
	if (at_ms < d->registered_at)
		return fail(c, ERR_INVALID, "occurred_at", "lies before the deal was registered");
	return at_ms < d->protected_until
	    || fail(c, ERR_STATE, "stage",
	            "the protection is over: extend it, or say when the deal was won inside it");
}

/* What its partner is paid by. */
static bool record(struct ctx *c, struct deal *d, int64_t at_ms)
{
	struct track t = {
		.type = EVENT_DEAL_CLOSED,
		.external_id = arena_printf(c->arena, "deal/%.*s",
		                            STR_ARG(id_str(c->arena, ID_DEAL, d->id))),
		.campaign_id = d->campaign_id,
		.partner_id = d->partner_id,
		.deal_id = d->id,
		.customer_id = d->customer,
		.customer_email = d->customer.n ? d->email : STR(""),
		.amount = d->amount,
		.amount_given = d->amount > 0,
		.currency = d->amount ? d->currency : STR(""),
		.occurred_at = at_ms,
		.source = STR("deal"),
	};
	struct recorded r;

	if (!event_record(c, &t, &r))
		return false;
	d->event_id = r.event.id;
	return true;
}

bool deal_win(struct ctx *c, struct deal *d, const struct deal_step *step)
{
	int64_t at_ms = step->occurred_at ? step->occurred_at : c->now_ms;
	struct deal after = *d;

	after.stage = DEAL_WON;
	after.reason = step->note;
	if (step->amount)
		after.amount = step->amount;
	if (step->currency.n)
		after.currency = step->currency;
	if (step->customer.n)
		after.customer = step->customer;
	return check_stage(c, d, deal_win) && check_time(c, d, at_ms)
	    && deal_check_amount(c, after.amount, after.currency) && deal_check_customer(c, &after)
	    && record(c, &after, at_ms) && save(c, "deal.win", OUTBOX_DEAL_WON, d, &after);
}
