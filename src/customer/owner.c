/* SPDX-License-Identifier: Apache-2.0 */
#include "customer/owner.h"

#include "base/check.h"
#include "base/money.h"

static const struct field fields[] = {
	FIELD(struct owner_row, customer_id, .flags = 0),
	FIELD(struct owner_row, number, .flags = 0),
	FIELD(struct owner_row, partner_id, .json = "partner", .flags = OUT, .as = AS_ID,
	      .id = ID_PARTNER),
	FIELD(struct owner_row, link_id, .json = "link", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_LINK),
	FIELD(struct owner_row, share_ppm, .flags = OUT),
};

const struct model owner_model = MODEL("customer_owner", fields);

static const struct sql SQL_LIST = {
	.text = "SELECT @columns FROM customer_owner WHERE org_id = $1 AND customer_id = $2"
	        " ORDER BY number LIMIT 16",
	.model = &owner_model,
};

bool owner_list(struct ctx *c, const struct customer *cu, struct list *out)
{
	struct owner_row *only;

	if (cu->owner_count > 1)
		return db_list(c, &SQL_LIST, ARGS(val_int(cu->id)), sizeof(struct owner_row), out);
	only = ARENA_NEW(c->arena, struct owner_row);
	*only = (struct owner_row){ .customer_id = cu->id, .partner_id = cu->partner_id,
		                    .link_id = cu->link_id, .share_ppm = PPM_ONE };
	*out = (struct list){ only, cu->partner_id != 0 };
	return true;
}

static const struct sql SQL_REMOVE = {
	.text = "DELETE FROM customer_owner WHERE org_id = $1 AND customer_id = $2",
};

static const struct sql SQL_INSERT = {
	.text = "INSERT INTO customer_owner (org_id, customer_id, number, partner_id, link_id,"
	        " share_ppm) VALUES ($1, $2, $3, $4, $5, $6)",
};

bool owner_save(struct ctx *c, int64_t customer_id, const struct owner_row *all, size_t count)
{
	CHECK(customer_id > 0 && count <= OWNERS_MAX);
	if (!db_exec(c, &SQL_REMOVE, ARGS(val_int(customer_id))))
		return false;
	for (size_t i = 0; count > 1 && i < count; i++)
		if (!db_exec(c, &SQL_INSERT,
		             ARGS(val_int(customer_id), val_int((int64_t)i),
		                  val_int(all[i].partner_id), val_int(all[i].link_id),
		                  val_int(all[i].share_ppm))))
			return false;
	return true;
}

static const struct sql SQL_IS = {
	.text = "SELECT COUNT(*) AS n FROM customer_owner"
	        " WHERE org_id = $1 AND partner_id = $2 AND customer_id = $3",
};

bool owner_is(struct ctx *c, int64_t customer_id, int64_t partner_id, bool *out)
{
	int64_t n;

	if (!db_int(c, &SQL_IS, ARGS(val_int(partner_id), val_int(customer_id)), &n))
		return false;
	*out = n > 0;
	return true;
}

static const struct sql SQL_SHARED = {
	.text = "SELECT @columns FROM customer WHERE org_id = $1 AND partner_id <> $2"
	        " AND id IN (SELECT customer_id FROM customer_owner WHERE org_id = $1"
	        " AND partner_id = $2) ORDER BY id DESC LIMIT $3",
	.model = &customer_model,
};

bool owner_shared_list(struct ctx *c, int64_t partner_id, int64_t most, struct list *out)
{
	return db_list(c, &SQL_SHARED, ARGS(val_int(partner_id), val_int(most)),
	               sizeof(struct customer), out);
}

const struct sql *const owner_sql[] = {
	&SQL_LIST, &SQL_REMOVE, &SQL_INSERT, &SQL_IS, &SQL_SHARED, NULL,
};
