/* SPDX-License-Identifier: Apache-2.0 */
#include "deal/deal_search.h"

#include "customer/account.h"
#include "partner/partner_search.h"

/* Names are looked through from the newest deal on; accounts are found by their keys. */
static const struct sql SQL_SEARCH = {
	.text = "SELECT @columns FROM deal WHERE org_id = $1 AND (LOWER(company) LIKE $2 ESCAPE '!'"
	        " OR id IN (SELECT deal_id FROM deal_key WHERE org_id = $1"
	        " AND key IN ($3, $4, $5, $6, $7))) ORDER BY id DESC LIMIT $8",
	.model = &deal_model,
};

const struct sql *const deal_search_sql[] = { &SQL_SEARCH, NULL };

static void keys_of(struct ctx *c, struct str text, struct account_keys *out)
{
	*out = (struct account_keys){ 0 };
	account_add_domain(out, account_domain(c->arena, text));
	if (!c->actor.sees_personal_data)
		return;
	account_add_customer(out, text);
	if (str_find(text, '@', 0) != SIZE_MAX)
		account_add_address(out, c->arena, text);
}

bool deal_search(struct ctx *c, struct str text, int64_t most, struct list *out)
{
	struct account_keys keys;
	const int64_t *k = keys.all;

	keys_of(c, text, &keys);
	return db_list(c, &SQL_SEARCH,
	               ARGS(val_str(partner_search_pattern(c->arena, text)), val_int(k[0]),
	                    val_int(k[1]), val_int(k[2]), val_int(k[3]), val_int(k[4]),
	                    val_int(most)),
	               sizeof(struct deal), out);
}
