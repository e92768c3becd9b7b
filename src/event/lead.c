/* SPDX-License-Identifier: Apache-2.0 */
#include "event/lead.h"

#include "base/digest.h"
#include "customer/address.h"
#include "data/checks.h"
#include "event/intake.h"

int64_t lead_key(struct ctx *c, const struct customer *cu)
{
	if (cu->email.n == 0)
		return digest_key(STR("customer"), cu->external_id);
	return digest_key(STR("address"), address_canonical(c->arena, cu->email));
}

static const struct sql SQL_FIND = {
	.text = "SELECT event_id FROM lead_paid WHERE org_id = $1 AND campaign_id = $2"
	        " AND partner_id = $3 AND address_key = $4",
};

bool lead_check(struct ctx *c, struct intake *in)
{
	struct str email = in->customer.email;
	int64_t key = lead_key(c, &in->customer);

	/* A lead is somebody who can be written to. */
	if (email.n > 0 && check_email(email)) {
		in->occurrence.unpayable = UNPAYABLE_UNQUALIFIED;
		return true;
	}
	for (size_t i = 0; i < in->standing.credit_count; i++) {
		int64_t before;

		if (in->credits[i].holds & HOLD_SELF_ADDRESS)
			in->occurrence.unpayable = UNPAYABLE_SELF;
		if (!db_int(c, &SQL_FIND,
		            ARGS(val_int(in->campaign_id), val_int(in->credits[i].partner_id),
		                 val_int(key)),
		            &before))
			return false;
		if (before != 0)
			in->occurrence.unpayable = UNPAYABLE_DUPLICATE;
	}
	return true;
}

static const struct sql SQL_INSERT = {
	.text = "INSERT INTO lead_paid (org_id, campaign_id, partner_id, address_key, event_id)"
	        " VALUES ($1, $2, $3, $4, $5)"
	        " ON CONFLICT (org_id, campaign_id, partner_id, address_key) DO NOTHING",
};

bool lead_paid(struct ctx *c, const struct intake *in)
{
	int64_t key = lead_key(c, &in->customer);

	for (size_t i = 0; i < in->standing.credit_count; i++)
		if (!db_exec(c, &SQL_INSERT,
		             ARGS(val_int(in->campaign_id), val_int(in->credits[i].partner_id),
		                  val_int(key), val_int(in->event.id))))
			return false;
	return true;
}

const struct sql *const lead_sql[] = { &SQL_FIND, &SQL_INSERT, NULL };
