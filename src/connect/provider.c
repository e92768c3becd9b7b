/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/provider.h"

#include "access/seal.h"
#include "base/check.h"

#define SECRET_MIN 8
#define SECRET_MAX 200
#define HINT_LENGTH 4

static const struct sql SQL_PUT = {
	.text = "INSERT INTO provider (org_id, name, secret, secret_before, hint, created_at)"
	        " VALUES ($1, $2, $3, '', $4, $5)"
	        " ON CONFLICT (org_id, name) DO UPDATE SET secret_before = provider.secret,"
	        " secret = excluded.secret, hint = excluded.hint, created_at = excluded.created_at",
};

bool provider_put(struct ctx *c, struct str name, struct str secret)
{
	if (secret.n < SECRET_MIN || secret.n > SECRET_MAX)
		return fail(c, ERR_INVALID, "webhook_secret", "must have %d to %d characters",
		            SECRET_MIN, SECRET_MAX);
	return db_exec(c, &SQL_PUT,
	               ARGS(val_str(name), val_str(seal(c, secret)),
	                    val_str(str_slice(secret, secret.n - HINT_LENGTH, HINT_LENGTH)),
	                    val_int(c->now_ms)));
}

static const struct sql SQL_FIND = {
	.text = "SELECT secret, secret_before, hint, created_at FROM provider"
	        " WHERE org_id = $1 AND name = $2",
};

bool provider_find(struct ctx *c, struct str name, struct provider *out, bool *out_found)
{
	struct rows r;

	if (!db_query(c, &SQL_FIND, ARGS(val_str(name)), &r))
		return false;
	*out_found = r.count > 0;
	if (r.count == 0)
		return true;
	*out = (struct provider){ .name = name,
		                  .hint = rows_str(&r, 0, 2),
		                  .created_at = rows_int(&r, 0, 3) };
	return unseal(c, rows_str(&r, 0, 0), &out->secrets[0])
	       && unseal(c, rows_str(&r, 0, 1), &out->secrets[1]);
}

static const struct sql SQL_REMOVE = {
	.text = "DELETE FROM provider WHERE org_id = $1 AND name = $2",
};

bool provider_remove(struct ctx *c, struct str name)
{
	int64_t changed;

	if (!db_changes(c, &SQL_REMOVE, ARGS(val_str(name)), &changed))
		return false;
	return changed > 0 || fail(c, ERR_NOT_FOUND, "name", "this provider is not connected");
}

const struct sql *const provider_sql[] = { &SQL_PUT, &SQL_FIND, &SQL_REMOVE, NULL };
