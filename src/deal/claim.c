/* SPDX-License-Identifier: Apache-2.0 */
#include "deal/claim.h"

#include "base/check.h"
#include "deal/deal.h"

static enum candidate_fault fault_of(const struct deal *d)
{
	bool known = d->conflict == DEAL_CONFLICT_CUSTOMER || d->conflict == DEAL_CONFLICT_CONTACT;

	if (d->stage != DEAL_DECLINED && d->stage != DEAL_REVIEW)
		return CANDIDATE_FINE;
	return d->stage == DEAL_DECLINED && known ? CANDIDATE_DIRECT_CONTACT
	                                          : CANDIDATE_DEAL_DECLINED;
}

bool claim_of(struct ctx *c, const struct deal *d, struct claim *out)
{
	struct deal_shares shares;

	if (!deal_share_list(c, d, &shares))
		return false;
	out->campaign_id = d->campaign_id;
	out->touch_count = shares.count;
	for (size_t i = 0; i < shares.count; i++)
		out->touches[i] = (struct candidate){
			.signal = SIGNAL_DEAL,
			.fault = fault_of(d),
			.partner_id = shares.all[i].partner_id,
			.deal_id = d->id,
			.share_ppm = shares.all[i].share_ppm,
			.at_ms = d->registered_at ? d->registered_at : d->created_at,
			.until_ms = d->protected_until,
		};
	return true;
}

static const struct sql SQL_ANY = {
	.text = "SELECT id FROM deal WHERE org_id = $1 ORDER BY id DESC LIMIT 1",
};

/*
 * Has the organisation any deals? Most have none, and each of their events asks: it is remembered
 * within the transaction, as event/book.h does.
 */
static bool any(struct ctx *c, bool *out)
{
	static _Thread_local int64_t serial_asked = -1;
	static _Thread_local bool answer;
	int64_t serial = db_serial(c), id;

	if (serial != serial_asked) {
		if (!db_int(c, &SQL_ANY, NO_ARGS, &id))
			return false;
		answer = id != 0;
		serial_asked = serial;
	}
	*out = answer;
	return true;
}

static const struct sql SQL_LIST = {
	.text = "SELECT @columns FROM deal WHERE org_id = $1 AND id IN"
	        " (SELECT deal_id FROM deal_key WHERE org_id = $1 AND key IN ($2, $3, $4))"
	        " ORDER BY id DESC LIMIT 8",
	.model = &deal_model,
};

bool claim_list(struct ctx *c, struct str email, struct str external_id,
                struct claim out[CLAIMS_MAX], size_t *out_count)
{
	struct account_keys keys = { 0 };
	const int64_t *k = keys.all;
	struct list deals;
	bool there;

	*out_count = 0;
	if (!any(c, &there))
		return false;
	if (!there)
		return true;
	account_add_address(&keys, c->arena, email);
	account_add_customer(&keys, external_id);
	if (!db_list(c, &SQL_LIST, ARGS(val_int(k[0]), val_int(k[1]), val_int(k[2])),
	             sizeof(struct deal), &deals))
		return false;
	CHECK(deals.count <= CLAIMS_MAX);
	for (size_t i = 0; i < deals.count; i++)
		if (!claim_of(c, (const struct deal *)deals.items + i, &out[i]))
			return false;
	*out_count = deals.count;
	return true;
}

bool claim_get(struct ctx *c, int64_t deal_id, struct claim *out)
{
	struct deal d;

	return db_get_id(c, &deal_model, deal_id, &d)
	    && claim_of(c, &d, out);
}

const struct sql *const claim_sql[] = { &SQL_ANY, &SQL_LIST, NULL };
