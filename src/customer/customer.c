/* SPDX-License-Identifier: Apache-2.0 */
#include "customer/customer.h"

#include "base/digest.h"
#include "change/change.h"
#include "customer/owner.h"
#include "data/checks.h"
#include "db/ticket.h"

static const struct field fields[] = {
	FIELD(struct customer, id, .flags = OUT, .as = AS_ID, .id = ID_CUSTOMER),
	FIELD(struct customer, external_key, .flags = PERSONAL),
	FIELD(struct customer, external_id, .flags = OUT | PERSONAL),
	FIELD(struct customer, email, .flags = OUT | NULLABLE | PERSONAL, .check = check_email),
	FIELD(struct customer, name, .flags = OUT | NULLABLE | PERSONAL),
	FIELD(struct customer, country, .flags = OUT | NULLABLE | UPPER),
	FIELD(struct customer, partner_id, .json = "partner", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_PARTNER),
	FIELD(struct customer, campaign_id, .json = "campaign", .flags = OUT | NULLABLE,
	      .as = AS_ID,
	      .id = ID_CAMPAIGN),
	FIELD(struct customer, link_id, .json = "link", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_LINK),
	FIELD(struct customer, signal, .flags = 0),
	FIELD(struct customer, referred_at, .flags = OUT | NULLABLE, .as = AS_TIME),
	FIELD(struct customer, invoices, .flags = OUT),
	FIELD(struct customer, churned_at, .flags = OUT | NULLABLE, .as = AS_TIME),
	FIELD(struct customer, owner_count, .flags = 0),
	FIELD(struct customer, metadata, .flags = OUT, .as = AS_METADATA),
	FIELD(struct customer, created_at, .flags = OUT, .as = AS_TIME),
};

const struct model customer_model = MODEL("customer", fields);

int64_t customer_key(struct str external_id)
{
	return digest_key(STR("customer"), external_id);
}

bool customer_get(struct ctx *c, int64_t id, struct customer *out)
{
	int64_t self = c->actor.partner_id;
	struct customer found;
	bool owns = true;

	if (!db_get_id(c, &customer_model, id, &found))
		return false;
	if (c->actor.kind == ACTOR_PARTNER && found.partner_id != self) {
		owns = found.owner_count > 1;
		if (owns && !owner_is(c, id, self, &owns))
			return false;
	}
	if (!owns)
		return fail(c, ERR_NOT_FOUND, "id", "there is nothing with this id");
	*out = found;
	return true;
}

static const struct sql SQL_FIND = {
	.text = "SELECT @columns FROM customer WHERE org_id = $1 AND @customer_key $2",
	.model = &customer_model,
	.beside = "customer",
	.beside_key = 2,
};

bool customer_ahead(struct ctx *c, struct str external_id)
{
	return db_ahead(c, &SQL_FIND, ARGS(val_int(customer_key(external_id))));
}

bool customer_find(struct ctx *c, struct str external_id, struct customer *out, bool *out_found)
{
	return db_find(c, &SQL_FIND, ARGS(val_int(customer_key(external_id))), out, out_found);
}

static const struct field change_fields[] = {
	FIELD(struct customer_change, metadata, .flags = IN, .as = AS_METADATA),
};

const struct model customer_change_model = MODEL("customer", change_fields);

static const struct sql SQL_NOTE = {
	.text = "UPDATE customer SET metadata = $3 WHERE org_id = $1 AND id = $2",
};

bool customer_note(struct ctx *c, const struct customer *cu, struct str metadata)
{
	struct customer after = *cu;

	after.metadata = metadata;
	return db_exec(c, &SQL_NOTE, ARGS(val_int(cu->id), val_str(metadata)))
	    && change_row(c, "customer.update", &customer_model, cu, &after);
}

const struct sql *const customer_sql[] = { &SQL_FIND, &SQL_NOTE, NULL };
