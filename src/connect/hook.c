/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/hook.h"

#include "base/check.h"
#include "base/id.h"
#include "base/reason.h"
#include "db/store.h"

#include <sodium.h>

const char *const hook_status_names[] = {
	[HOOK_WAITING] = "waiting", [HOOK_DONE] = "done", [HOOK_IGNORED] = "ignored",
	[HOOK_FAILED] = "failed", NULL,
};

static const struct field fields[] = {
	FIELD(struct hook, id, .flags = OUT, .as = AS_ID, .id = ID_WEBHOOK),
	FIELD(struct hook, provider, .flags = OUT),
	FIELD(struct hook, external_id, .flags = OUT),
	FIELD(struct hook, type, .flags = OUT),
	FIELD(struct hook, body, .flags = 0),
	FIELD(struct hook, status, .flags = OUT, .as = AS_ENUM, .names = hook_status_names),
	FIELD(struct hook, note, .flags = OUT | NULLABLE),
	FIELD(struct hook, received_at, .flags = OUT, .as = AS_TIME),
	FIELD(struct hook, done_at, .flags = OUT | NULLABLE, .as = AS_TIME),
};

const struct model hook_model = MODEL("hook", fields);

static const struct sql SQL_KEEP = {
	.text = "INSERT INTO hook (org_id, id, provider, external_id, type, body, status, note,"
	        " received_at, done_at) VALUES ($1, $2, $3, $4, $5, $6, 0, '', $7, 0)"
	        " ON CONFLICT (org_id, provider, external_id) DO NOTHING",
};

bool hook_get(struct ctx *c, int64_t id, struct hook *out)
{
	return db_get_id(c, &hook_model, id, out);
}

static struct str storable(struct arena *a, struct str body)
{
	size_t size = sodium_base64_ENCODED_LEN(body.n, sodium_base64_VARIANT_ORIGINAL);
	char *text;

	if (str_is_text(body))
		return body;
	text = arena_alloc(a, size);
	sodium_bin2base64(text, size, (const unsigned char *)body.p, body.n,
	                  sodium_base64_VARIANT_ORIGINAL);
	return arena_printf(a, "base64:%s", text);
}

bool hook_keep(struct ctx *c, struct hook *h, bool *out_fresh)
{
	int64_t changed;

	h->body = storable(c->arena, h->body);

	h->id = id_new();
	h->received_at = c->now_ms;
	if (!db_changes(c, &SQL_KEEP,
	                ARGS(val_int(h->id), val_str(h->provider), val_str(h->external_id),
	                     val_str(h->type), val_str(h->body), val_int(h->received_at)),
	                &changed))
		return false;
	*out_fresh = changed > 0;
	return true;
}

static const struct sql SQL_STATE = {
	.text = "UPDATE hook SET status = $3, note = $4, done_at = $5 WHERE org_id = $1 AND id = $2",
};

static bool save(struct ctx *c, struct hook *h)
{
	h->done_at = h->status == HOOK_WAITING ? 0 : c->now_ms;
	return db_exec(c, &SQL_STATE,
	               ARGS(val_int(h->id), val_int(h->status), val_str(h->note),
	                    val_int(h->done_at)));
}

struct str hook_reason(const struct ctx *c)
{
	if (c->err.field[0] == '\0' || reason_lacks_subject(&c->err))
		return reason_text(c->arena, &c->err);
	return arena_printf(c->arena, "%s: %s", c->err.field, c->err.msg);
}

bool hook_handle(struct ctx *c, struct hook *h, hook_fn fn)
{
	if (!store_savepoint(c, c->db))
		return false;
	if (fn(c, h))
		return store_savepoint_release(c, c->db) && save(c, h);
	if (err_info(c->err.code)->status >= 500)
		return false;
	h->status = HOOK_FAILED;
	h->note = hook_reason(c);
	fail_clear(c);
	return store_savepoint_undo(c, c->db) && save(c, h);
}

static const struct sql SQL_WAITING = {
	.text = "SELECT @columns FROM hook WHERE org_id = $1 AND status = 0 AND provider = $2"
	        " ORDER BY id LIMIT $3",
	.model = &hook_model,
};

bool hook_retry(struct ctx *c, struct str provider, int64_t most, hook_fn fn)
{
	struct list waiting;

	if (!db_list(c, &SQL_WAITING, ARGS(val_str(provider), val_int(most)), sizeof(struct hook),
	             &waiting))
		return false;
	for (size_t i = 0; i < waiting.count; i++)
		if (!hook_handle(c, (struct hook *)waiting.items + i, fn))
			return false;
	return true;
}

static const struct sql SQL_REF_PUT = {
	.text = "INSERT INTO payment_ref (org_id, ref, sale_id) VALUES ($1, $2, $3)"
	        " ON CONFLICT (org_id, ref) DO NOTHING",
};

bool hook_ref_put(struct ctx *c, struct str ref, struct str sale_id)
{
	return ref.n == 0 || db_exec(c, &SQL_REF_PUT, ARGS(val_str(ref), val_str(sale_id)));
}

static const struct sql SQL_REF_FIND = {
	.text = "SELECT sale_id FROM payment_ref WHERE org_id = $1 AND ref = $2",
};

bool hook_ref_find(struct ctx *c, struct str ref, struct str *out_sale_id, bool *out_found)
{
	struct rows r;

	if (!db_query(c, &SQL_REF_FIND, ARGS(val_str(ref)), &r))
		return false;
	*out_found = r.count > 0;
	if (r.count > 0)
		*out_sale_id = rows_str(&r, 0, 0);
	return true;
}

const struct sql *const hook_sql[] = {
	&SQL_KEEP, &SQL_STATE, &SQL_WAITING, &SQL_REF_PUT, &SQL_REF_FIND, NULL,
};
