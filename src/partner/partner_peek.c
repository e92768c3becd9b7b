/* SPDX-License-Identifier: Apache-2.0 */
#include "partner/partner_peek.h"
#include "app.h"
#include "db/store.h"

bool partner_peek(struct ctx *c, int64_t org_id, int64_t partner_id, struct partner *out,
                  bool *out_found)
{
	struct store *store = app_of(c)->store;
	struct ctx own = { .arena = c->arena, .app = c->app, .actor = { .kind = ACTOR_SYSTEM },
		           .org_id = org_id, .now_ms = c->now_ms };
	struct db *db = store_begin(store, &own, org_id, STORE_READ);
	bool ok = db && partner_get(&own, partner_id, out);

	*out_found = ok;
	if (db)
		store_rollback(store, db);
	if (ok || (db && own.err.code == ERR_NOT_FOUND))
		return true;
	c->err = own.err;
	return false;
}
