/* SPDX-License-Identifier: Apache-2.0 */
#include "web/names.h"
#include "base/check.h"
#include "campaign/campaign.h"
#include "customer/customer.h"
#include "data/json.h"
#include "data/model_json.h"
#include "db/model_sql.h"
#include "db/ticket.h"
#include "link/link.h"
#include "partner/partner.h"

#define NAMES_MAX 400

union noun {
	struct partner partner;
	struct campaign campaign;
	struct customer customer;
	struct link link;
};

static struct str partner_text(const struct page *p, const union noun *n)
{
	(void)p;
	return n->partner.name;
}

static struct str campaign_text(const struct page *p, const union noun *n)
{
	(void)p;
	return n->campaign.name;
}

/*
 * What the organisation itself calls the customer comes first; those who may not see it get the
 * id's end.
 */
static struct str customer_text(const struct page *p, const union noun *n)
{
	const struct customer *cu = &n->customer;
	struct str id = id_str(p->c->arena, ID_CUSTOMER, cu->id);

	if (!p->c->actor.sees_personal_data)
		return arena_printf(p->c->arena, "Customer %.*s", 6, id.p + id.n - 6);
	return cu->name.n ? cu->name : cu->email.n ? cu->email : cu->external_id;
}

static struct str link_text(const struct page *p, const union noun *n)
{
	(void)p;
	return n->link.slug;
}

static const struct kind {
	const char *key, *name_key;
	enum id_kind id;
	const struct model *model;
	struct str (*text)(const struct page *p, const union noun *n);
} kinds[] = {
	{ "partner", "partner_name", ID_PARTNER, &partner_model, partner_text },
	{ "parent", "parent_name", ID_PARTNER, &partner_model, partner_text },
	{ "campaign", "campaign_name", ID_CAMPAIGN, &campaign_model, campaign_text },
	{ "customer", "customer_name", ID_CUSTOMER, &customer_model, customer_text },
	{ "link", "link_slug", ID_LINK, &link_model, link_text },
};

struct name {
	const struct kind *kind;
	int64_t id;
	struct db_ticket ticket;
	struct str text;
};

struct names {
	struct name *all;
	size_t count;
};

/* The id that a row has under the kind's key, or 0. */
static int64_t id_in(const json_t *row, const struct kind *k)
{
	int64_t id;

	return id_parse(k->id, json_text(json_object_get(row, k->key)), &id) ? id : 0;
}

static struct name *find(const struct names *n, const struct kind *k, int64_t id)
{
	for (size_t i = 0; i < n->count; i++)
		if (n->all[i].id == id && n->all[i].kind->model == k->model)
			return &n->all[i];
	return NULL;
}

static void collect(struct names *n, const json_t *row)
{
	for (size_t i = 0; i < LEN(kinds); i++) {
		int64_t id = id_in(row, &kinds[i]);

		if (id && n->count < NAMES_MAX && !find(n, &kinds[i], id))
			n->all[n->count++] = (struct name){ .kind = &kinds[i], .id = id };
	}
}

static bool send(struct page *p, struct names *n)
{
	for (size_t i = 0; i < n->count; i++)
		if (!db_send(p->c, &model_sql(n->all[i].kind->model)->get,
		             ARGS(val_int(n->all[i].id)), &n->all[i].ticket))
			return false;
	return true;
}

static bool take(struct page *p, struct names *n)
{
	for (size_t i = 0; i < n->count; i++) {
		struct name *name = &n->all[i];
		union noun row = { 0 };
		struct rows rows;

		if (!db_take(p->c, &name->ticket, &rows))
			return false;
		if (rows.count == 0)
			continue;
		db_map(name->kind->model, &rows, 0, &row);
		name->text = name->kind->text(p, &row);
	}
	return true;
}

static void give(const struct names *n, json_t *row)
{
	for (size_t i = 0; i < LEN(kinds); i++) {
		int64_t id = id_in(row, &kinds[i]);
		const struct name *name = id ? find(n, &kinds[i], id) : NULL;

		if (name)
			json_set_str(row, kinds[i].name_key, name->text);
	}
}

bool names_put(struct page *p, json_t *rows)
{
	struct names n = { .all = ARENA_ARRAY(p->c->arena, struct name, NAMES_MAX) };
	bool many = json_is_array(rows);
	size_t count = many ? json_array_size(rows) : 1;

	for (size_t i = 0; i < count; i++)
		collect(&n, many ? json_array_get(rows, i) : rows);
	if (!send(p, &n) || !take(p, &n))
		return false;
	for (size_t i = 0; i < count; i++)
		give(&n, many ? json_array_get(rows, i) : rows);
	return true;
}
