/* SPDX-License-Identifier: Apache-2.0 */
#include "customer/touch.h"

#include "base/check.h"
#include "base/id.h"

static const struct field fields[] = {
	FIELD(struct touch, customer_id, .json = "customer", .flags = OUT, .as = AS_ID,
	      .id = ID_CUSTOMER),
	FIELD(struct touch, id, .flags = 0),
	FIELD(struct touch, signal, .flags = 0),
	FIELD(struct touch, named, .flags = 0),
	FIELD(struct touch, partner_id, .json = "partner", .flags = OUT, .as = AS_ID,
	      .id = ID_PARTNER),
	FIELD(struct touch, campaign_id, .json = "campaign", .flags = OUT, .as = AS_ID,
	      .id = ID_CAMPAIGN),
	FIELD(struct touch, link_id, .json = "link", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_LINK),
	FIELD(struct touch, click_id, .json = "click", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_CLICK),
	FIELD(struct touch, at, .flags = OUT, .as = AS_TIME),
};

const struct model touch_model = MODEL("touch", fields);

static const struct sql SQL_LIST = {
	.text = "SELECT @columns FROM touch WHERE org_id = $1 AND customer_id = $2"
	        " ORDER BY id DESC LIMIT 50",
	.model = &touch_model,
	.beside = "touch",
	.beside_key = 2,
};

bool touch_list(struct ctx *c, int64_t customer_id, struct list *out)
{
	return db_list(c, &SQL_LIST, ARGS(val_int(customer_id)), sizeof(struct touch), out);
}

static const struct sql SQL_INSERT = {
	.text = "INSERT INTO touch (org_id, customer_id, id, signal, named, partner_id, campaign_id,"
	        " link_id, click_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
	.late = "touch",
	.late_key = 2,
};

bool touch_create(struct ctx *c, struct touch *t)
{
	CHECK(t->customer_id > 0 && t->partner_id > 0);
	t->id = id_new();
	return db_exec(c, &SQL_INSERT,
	               ARGS(val_int(t->customer_id), val_int(t->id), val_int(t->signal),
	                    val_int(t->named), val_int(t->partner_id), val_int(t->campaign_id),
	                    val_int(t->link_id), val_int(t->click_id), val_int(t->at)));
}

const struct sql *const touch_sql[] = { &SQL_LIST, &SQL_INSERT, NULL };
