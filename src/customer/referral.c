/* SPDX-License-Identifier: Apache-2.0 */
#include "customer/referral.h"

#include "base/check.h"
#include "base/id.h"

static const struct sql SQL_INSERT = {
	.text = "INSERT INTO customer (org_id, id, external_key, external_id, email, name, country,"
	        " partner_id, campaign_id, link_id, signal, referred_at, invoices, churned_at,"
	        " owner_count, created_at, metadata)"
	        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, '')",
	.late = "customer",
	.late_key = 3,
};

bool referral_create(struct ctx *c, struct customer *cu)
{
	CHECK(cu->id == 0 && cu->external_id.n > 0);
	cu->id = id_new();
	cu->external_key = customer_key(cu->external_id);
	cu->created_at = c->now_ms;
	return db_exec(c, &SQL_INSERT,
	               ARGS(val_int(cu->id), val_int(cu->external_key), val_str(cu->external_id),
	                    val_str(cu->email), val_str(cu->name), val_str(cu->country),
	                    val_int(cu->partner_id), val_int(cu->campaign_id), val_int(cu->link_id),
	                    val_int(cu->signal), val_int(cu->referred_at), val_int(cu->invoices),
	                    val_int(cu->churned_at), val_int(cu->owner_count),
	                    val_int(cu->created_at)));
}

static const struct sql SQL_SAVE = {
	.text = "UPDATE customer SET email = $3, name = $4, country = $5, partner_id = $6,"
	        " campaign_id = $7, link_id = $8, signal = $9, referred_at = $10, invoices = $11,"
	        " churned_at = $12, owner_count = $14"
	        " WHERE org_id = $1 AND id = $2 AND external_key = $13",
	.beside = "customer",
	.beside_key = 13,
};

bool referral_save(struct ctx *c, const struct customer *cu)
{
	CHECK(cu->id > 0);
	return db_exec(c, &SQL_SAVE,
	               ARGS(val_int(cu->id), val_str(cu->email), val_str(cu->name),
	                    val_str(cu->country), val_int(cu->partner_id), val_int(cu->campaign_id),
	                    val_int(cu->link_id), val_int(cu->signal), val_int(cu->referred_at),
	                    val_int(cu->invoices), val_int(cu->churned_at),
	                    val_int(cu->external_key), val_int(cu->owner_count)));
}

const struct sql *const referral_sql[] = { &SQL_INSERT, &SQL_SAVE, NULL };
