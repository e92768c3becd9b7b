/* SPDX-License-Identifier: Apache-2.0 */
#include "deal/deal.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/money.h"
#include "campaign/campaign.h"
#include "campaign/terms_cache.h"
#include "change/change.h"
#include "customer/account.h"
#include "customer/address.h"
#include "customer/mail_host.h"
#include "data/checks.h"
#include "deal/conflict.h"
#include "deal/deal_history.h"
#include "outbox/outbox.h"
#include "partner/enrolment.h"
#include "rules/terms.h"

#define COMPANY_MAX 200
#define NOTE_MAX 2000

const char *const deal_stage_names[] = {
	[DEAL_REGISTERED] = "registered", [DEAL_REVIEW] = "review", [DEAL_DECLINED] = "declined",
	[DEAL_WON] = "won",               [DEAL_LOST] = "lost",     [DEAL_EXPIRED] = "expired",
	NULL,
};

const char *const deal_conflict_names[] = {
	[DEAL_NO_CONFLICT] = "none",
	[DEAL_CONFLICT_DEAL] = "protected_deal",
	[DEAL_CONFLICT_CUSTOMER] = "customer",
	[DEAL_CONFLICT_CONTACT] = "direct_contact",
	[DEAL_CONFLICT_PROTECTED] = "protected_account",
	NULL,
};

static const struct field fields[] = {
	FIELD(struct deal, id, .flags = OUT, .as = AS_ID, .id = ID_DEAL),
	FIELD(struct deal, campaign_id, .json = "campaign", .flags = OUT, .as = AS_ID,
	      .id = ID_CAMPAIGN),
	FIELD(struct deal, partner_id, .json = "partner", .flags = OUT, .as = AS_ID,
	      .id = ID_PARTNER),
	FIELD(struct deal, company, .flags = IN | OUT | REQUIRED, .max = COMPANY_MAX),
	FIELD(struct deal, domain, .flags = OUT | NULLABLE),
	FIELD(struct deal, email, .flags = OUT | NULLABLE | PERSONAL, .check = check_email),
	FIELD(struct deal, customer, .flags = IN | OUT | NULLABLE, .max = COMPANY_MAX),
	FIELD(struct deal, amount, .flags = IN | OUT | NULLABLE | MONEY_ONLY,
	      .max = MONEY_MAX_MINOR),
	FIELD(struct deal, currency, .flags = IN | OUT | UPPER, .check = check_currency),
	FIELD(struct deal, note, .flags = IN | OUT | NULLABLE, .max = NOTE_MAX),
	FIELD(struct deal, stage, .flags = OUT, .as = AS_ENUM, .names = deal_stage_names),
	FIELD(struct deal, conflict, .flags = OUT | NULLABLE, .as = AS_ENUM,
	      .names = deal_conflict_names),
	FIELD(struct deal, conflict_id, .json = "conflict_deal", .flags = OUT | NULLABLE,
	      .as = AS_ID, .id = ID_DEAL),
	FIELD(struct deal, reason, .flags = OUT | NULLABLE),
	FIELD(struct deal, registered_at, .flags = OUT | NULLABLE, .as = AS_TIME),
	FIELD(struct deal, protected_until, .flags = OUT | NULLABLE, .as = AS_TIME),
	FIELD(struct deal, event_id, .json = "event", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_EVENT),
	FIELD(struct deal, partner_count, .flags = 0),
	FIELD(struct deal, created_by, .flags = OUT),
	FIELD(struct deal, created_at, .flags = OUT, .as = AS_TIME),
};

const struct model deal_model = MODEL("deal", fields);

static const struct field new_fields[] = {
	FIELD(struct deal_new, campaign_id, .json = "campaign", .flags = IN | REQUIRED,
	      .as = AS_ID, .id = ID_CAMPAIGN),
	FIELD(struct deal_new, partner_id, .json = "partner", .flags = IN | REQUIRED, .as = AS_ID,
	      .id = ID_PARTNER),
	FIELD(struct deal_new, company, .flags = IN | REQUIRED, .max = COMPANY_MAX),
	FIELD(struct deal_new, domain, .flags = IN | NULLABLE, .max = 500),
	FIELD(struct deal_new, email, .flags = IN | NULLABLE, .max = 254, .check = check_email),
	FIELD(struct deal_new, customer, .flags = IN | NULLABLE, .max = COMPANY_MAX),
	FIELD(struct deal_new, amount, .flags = IN | NULLABLE, .max = MONEY_MAX_MINOR),
	FIELD(struct deal_new, currency, .flags = IN | NULLABLE | UPPER, .check = check_currency),
	FIELD(struct deal_new, note, .flags = IN | NULLABLE, .max = NOTE_MAX),
};

const struct model deal_new_model = MODEL("deal", new_fields);

void deal_settle(struct ctx *c, struct deal *d)
{
	if (d->stage == DEAL_REGISTERED && d->protected_until <= c->now_ms)
		d->stage = DEAL_EXPIRED;
}

bool deal_is_protected(const struct ctx *c, const struct deal *d)
{
	return d->stage == DEAL_REGISTERED && d->protected_until > c->now_ms;
}

static bool visible(struct ctx *c, const struct deal *d)
{
	int64_t share = 0;

	if (c->actor.kind == ACTOR_PARTNER && d->partner_count > 1
	    && !deal_share_of(c, d->id, c->actor.partner_id, &share))
		return false;
	return share > 0 || partner_visible(c, d->partner_id);
}

bool deal_get(struct ctx *c, int64_t id, struct deal *out)
{
	struct deal d;

	if (!db_get_id(c, &deal_model, id, &d) || !visible(c, &d))
		return false;
	deal_settle(c, &d);
	*out = d;
	return true;
}

bool deal_check_amount(struct ctx *c, int64_t amount, struct str currency)
{
	return amount == 0 || currency.n > 0
	    || fail(c, ERR_INVALID, "currency", "must be given with an amount");
}

/* ---- Who may register for what. */

/* For how many days the terms in force protect a deal; 0: they do not count any. */
static bool days_of(struct ctx *c, int64_t campaign_id, int64_t *out)
{
	const struct attribution_rules *rules;
	struct terms_in_force now;

	if (!terms_in_force(c, campaign_id, c->now_ms, &now))
		return false;
	rules = &now.terms->attribution;
	*out = 0;
	for (size_t i = 0; i < rules->priority_count; i++)
		if (rules->priority[i] == SIGNAL_DEAL)
			*out = rules->deal_days;
	return true;
}

bool deal_counts(struct ctx *c, int64_t campaign_id, bool *out)
{
	int64_t days;

	if (!days_of(c, campaign_id, &days))
		return false;
	*out = days > 0;
	return true;
}

static bool check_terms(struct ctx *c, const struct campaign *k, int64_t *out_days)
{
	if (k->status == CAMPAIGN_CLOSED)
		return fail(c, ERR_STATE, "campaign", "the campaign is closed");
	if (!days_of(c, k->id, out_days))
		return false;
	return *out_days > 0
	    || fail(c, ERR_STATE, "campaign", "the campaign's terms do not count registered deals");
}

static bool check_enrolment(struct ctx *c, const struct deal_new *in)
{
	struct enrolment e;
	struct partner p;
	bool found;

	if (!partner_named(c, "partner", in->partner_id, &p)
	    || !enrolment_find(c, in->campaign_id, in->partner_id, &e, &found))
		return false;
	if (!found)
		return fail(c, ERR_INVALID, "partner", "the partner is not in this campaign");
	return enrolment_status(&p, &e) == PARTNER_APPROVED
	    || fail(c, ERR_INVALID, "partner", "the partner is not approved in this campaign");
}

/* The account in its one form. */
static bool read_account(struct ctx *c, const struct deal_new *in, struct deal *d)
{
	d->domain = account_domain(c->arena, in->domain);
	d->email = address_canonical(c->arena, in->email);
	d->customer = in->customer;
	if (str_trim(in->domain).n > 0 && d->domain.n == 0)
		return fail(c, ERR_INVALID, "domain", "is not a domain, such as acme.com");
	if (d->domain.n > 0 && mail_host_is_public(d->domain))
		return fail(c, ERR_INVALID, "domain",
		            "anybody can have a mailbox at %.*s: give the address under email",
		            STR_ARG(d->domain));
	if (d->domain.n == 0)
		d->domain = account_host(c->arena, d->email);
	return d->domain.n > 0 || d->email.n > 0 || d->customer.n > 0
	    || fail(c, ERR_INVALID, "domain",
	            "the company's domain or the address of somebody there must be given");
}

static bool read(struct ctx *c, const struct deal_new *in, struct deal *d, int64_t *out_days)
{
	struct campaign k;

	if (!campaign_named(c, "campaign", in->campaign_id, &k) || !check_enrolment(c, in)
	    || !check_terms(c, &k, out_days))
		return false;
	*d = (struct deal){
		.campaign_id = k.id,
		.partner_id = in->partner_id,
		.company = str_trim(in->company),
		.amount = in->amount,
		.currency = in->currency.n ? in->currency : k.currency,
		.note = in->note,
		.partner_count = in->shares.count > 1 ? (int64_t)in->shares.count : 1,
		.created_by = c->actor.name,
		.created_at = c->now_ms,
	};
	return read_account(c, in, d);
}

/* ---- Storing. */

static const struct sql SQL_KEY = {
	.text = "INSERT INTO deal_key (org_id, key, deal_id) VALUES ($1, $2, $3)"
	        " ON CONFLICT (org_id, key, deal_id) DO NOTHING",
};

static const struct sql SQL_FORGET = {
	.text = "DELETE FROM deal_key WHERE org_id = $1 AND deal_id = $2",
};

static bool store_keys(struct ctx *c, const struct deal *d)
{
	struct account_keys keys;

	conflict_keys(c, d, &keys);
	if (!db_exec(c, &SQL_FORGET, ARGS(val_int(d->id))))
		return false;
	for (size_t i = 0; i < keys.count; i++)
		if (!db_exec(c, &SQL_KEY, ARGS(val_int(keys.all[i]), val_int(d->id))))
			return false;
	return true;
}

static const struct sql SQL_SAVE = {
	.text = "UPDATE deal SET stage = $3, conflict = $4, reason = $5, registered_at = $6,"
	        " protected_until = $7, event_id = $8, amount = $9, currency = $10, customer = $11"
	        " WHERE org_id = $1 AND id = $2",
};

bool deal_save(struct ctx *c, const char *action, const struct deal *before,
               const struct deal *after)
{
	return db_exec(c, &SQL_SAVE,
	               ARGS(val_int(after->id), val_int(after->stage), val_int(after->conflict),
	                    val_str(after->reason), val_int(after->registered_at),
	                    val_int(after->protected_until), val_int(after->event_id),
	                    val_int(after->amount), val_str(after->currency),
	                    val_str(after->customer)))
	    && (str_eq(before->customer, after->customer) || store_keys(c, after))
	    && deal_history_add(c, after)
	    && change_row(c, action, &deal_model, before, after);
}

static enum outbox_type told_as(const struct deal *d)
{
	return d->stage == DEAL_REGISTERED ? OUTBOX_DEAL_REGISTERED
	     : d->stage == DEAL_REVIEW     ? OUTBOX_DEAL_SUBMITTED
	                                   : OUTBOX_DEAL_DECLINED;
}

bool deal_register(struct ctx *c, const struct deal_new *in, struct deal *out)
{
	struct deal_shares shares = in->shares;
	struct deal d;
	int64_t days = 0;

	if (!read(c, in, &d, &days)
	    || !deal_share_check(c, d.campaign_id, d.partner_id, &shares)
	    || !conflict_find(c, &d))
		return false;
	if (d.stage == DEAL_REGISTERED) {
		d.registered_at = c->now_ms;
		d.protected_until = c->now_ms + days * MS_PER_DAY;
	}
	d.id = id_new();
	if (!db_insert(c, &deal_model, &d) || !deal_share_store(c, d.id, &shares)
	    || !store_keys(c, &d) || !deal_history_add(c, &d)
	    || !change_row(c, "deal.register", &deal_model, NULL, &d)
	    || !outbox_post(c, told_as(&d), d.id))
		return false;
	*out = d;
	return true;
}

bool deal_check_customer(struct ctx *c, const struct deal *d)
{
	struct customer cu;
	bool found;

	if (d->customer.n == 0)
		return true;
	if (!customer_find(c, d->customer, &cu, &found))
		return false;
	return !found || cu.invoices == 0 || cu.partner_id == d->partner_id
	    || fail(c, ERR_INVALID, "customer", "has bought already, and not through this partner");
}

bool deal_update(struct ctx *c, const struct deal *before, struct deal *after)
{
	bool other = !str_eq(before->customer, after->customer);

	return deal_check_amount(c, after->amount, after->currency)
	    && (!other || deal_check_customer(c, after)) && db_update(c, &deal_model, after)
	    && (!other || store_keys(c, after))
	    && change_row(c, "deal.update", &deal_model, before, after);
}

static const struct sql SQL_WAITING = {
	.text = "SELECT COUNT(*) FROM deal WHERE org_id = $1 AND stage = 1",
};

bool deal_waiting(struct ctx *c, int64_t *out)
{
	return db_int(c, &SQL_WAITING, NO_ARGS, out);
}

const struct sql *const deal_sql[] = { &SQL_KEY, &SQL_FORGET, &SQL_SAVE, &SQL_WAITING, NULL };
