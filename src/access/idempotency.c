/* SPDX-License-Identifier: Apache-2.0 */
#include "access/idempotency.h"
#include "base/clock.h"
#include "base/digest.h"
#include "data/json.h"

#include <stdlib.h>

#define PRUNE_MAX 1000
#define FOREVER "!" /* the first letter of a fingerprint that is never pruned */

static const struct sql SQL_FIND = {
	.text = "SELECT fingerprint, status, body FROM idempotency"
	        " WHERE org_id = $1 AND key_id = $2 AND idempotency_key = $3",
};

static const struct sql SQL_KEEP = {
	.text = "INSERT INTO idempotency (org_id, key_id, idempotency_key, fingerprint, status, body,"
	        " created_at)"
	        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
};

static const struct sql SQL_PRUNE = {
	.text = "DELETE FROM idempotency WHERE org_id = $1 AND (key_id, idempotency_key) IN"
	        " (SELECT key_id, idempotency_key FROM idempotency"
	        "  WHERE org_id = $1 AND created_at < $2 AND fingerprint NOT LIKE '" FOREVER "%'"
	        "  LIMIT $3)",
};

static const struct sql SQL_CONTROL_FIND = {
	.text = "SELECT fingerprint, status, body FROM control_idempotency"
	        " WHERE org_id = $1 AND key_id = $2 AND idempotency_key = $3",
	.control = true, .global = true,
};

static const struct sql SQL_CONTROL_KEEP = {
	.text = "INSERT INTO control_idempotency (org_id, key_id, idempotency_key, fingerprint, status,"
	        " body, created_at)"
	        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
	.control = true, .global = true,
};

static const struct sql SQL_CONTROL_PRUNE = {
	.text = "DELETE FROM control_idempotency WHERE org_id = $1 AND created_at < $2",
	.control = true, .global = true,
};

const struct sql *const idempotency_sql[] = {
	&SQL_FIND, &SQL_KEEP, &SQL_PRUNE, &SQL_CONTROL_FIND, &SQL_CONTROL_KEEP, &SQL_CONTROL_PRUNE,
	NULL,
};

static bool is_control(const struct req *q)
{
	return q->route->mode == CONTROL_WRITE;
}

bool idempotency_key(struct ctx *c, const struct req *q, struct str *out)
{
	struct str key = str_trim(req_header(q, "idempotency-key"));

	if (key.n == 0) {
		*out = key;
		return !(q->route->flags & ROUTE_KEYED)
		    || fail(c, ERR_KEY_REQUIRED, NULL,
		            "This moves money: send an Idempotency-Key, a UUID for example");
	}
	if (key.n >= 2 && key.p[0] == '"' && key.p[key.n - 1] == '"')
		key = str_slice(key, 1, key.n - 2);
	if (key.n == 0 || key.n > IDEMPOTENCY_KEY_MAX)
		return fail(c, ERR_MALFORMED, NULL,
		            "The Idempotency-Key must have 1 to %d characters",
		            IDEMPOTENCY_KEY_MAX);
	for (size_t i = 0; i < key.n; i++)
		if (key.p[i] < 0x21 || key.p[i] > 0x7e || key.p[i] == '"')
			return fail(c, ERR_MALFORMED, NULL,
			            "The Idempotency-Key may have visible ASCII characters only");
	*out = arena_printf(q->arena, "%s %s %.*s", method_name(q->method), q->route->path,
	                    STR_ARG(key));
	return true;
}

/* The same JSON in another order or spacing is the same request. */
static void put_canonical(struct ctx *c, struct buf *b, struct str body)
{
	json_t *value = body.n > 0 ? json_loadb(body.p, body.n, JSON_DECODE_ANY, NULL) : NULL;
	char *text = value ? json_dumps(value, JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY)
	    : NULL;

	if (value)
		json_own(c->arena, value);
	if (!text) {
		buf_str(b, body);
		return;
	}
	buf_puts(b, text);
	free(text);
}

static struct str fingerprint(struct ctx *c, const struct req *q)
{
	struct buf b;

	buf_init(&b, c->arena);
	buf_printf(&b, "%s %.*s?%.*s\n", method_name(q->method), STR_ARG(q->path),
	           STR_ARG(q->query_text));
	put_canonical(c, &b, q->body);
	return arena_printf(c->arena, "%s%.*s", q->route->flags & ROUTE_KEYED ? FOREVER : "",
	                    STR_ARG(digest_hex(c->arena, buf_text(&b), 32)));
}

static bool find(struct ctx *c, const struct req *q, struct str key, struct rows *out)
{
	int64_t key_id = c->actor.key_id;

	if (is_control(q))
		return db_query(c, &SQL_CONTROL_FIND,
		                ARGS(val_int(c->org_id), val_int(key_id), val_str(key)), out);
	return db_query(c, &SQL_FIND, ARGS(val_int(key_id), val_str(key)), out);
}

bool idempotency_find(struct ctx *c, const struct req *q, struct str key, struct res *r,
                      bool *out_found)
{
	struct rows rows;

	if (!find(c, q, key, &rows))
		return false;
	*out_found = rows.count > 0;
	if (!*out_found)
		return true;
	if (!str_eq(rows_str(&rows, 0, 0), fingerprint(c, q)))
		return fail(c, ERR_KEY_REUSED, NULL,
		            "This Idempotency-Key was used for another request; take a new one");
	res_json(r, (int)rows_int(&rows, 0, 1), rows_str(&rows, 0, 2));
	res_header(r, "Idempotent-Replayed", STR("true"));
	return true;
}

static bool keep_control(struct ctx *c, const struct req *q, struct str key, const struct res *r)
{
	int64_t before = c->now_ms - IDEMPOTENCY_DAYS * MS_PER_DAY;
	struct str body = r->again.n ? r->again : buf_text(&r->body);

	return db_exec(c, &SQL_CONTROL_PRUNE, ARGS(val_int(c->org_id), val_int(before)))
	    && db_exec(c, &SQL_CONTROL_KEEP,
	               ARGS(val_int(c->org_id), val_int(c->actor.key_id), val_str(key),
	                    val_str(fingerprint(c, q)), val_int(r->status), val_str(body),
	                    val_int(c->now_ms)));
}

bool idempotency_keep(struct ctx *c, const struct req *q, struct str key, const struct res *r)
{
	struct str body = r->again.n ? r->again : buf_text(&r->body);

	if (is_control(q))
		return keep_control(c, q, key, r);
	return db_exec(c, &SQL_KEEP,
	               ARGS(val_int(c->actor.key_id), val_str(key), val_str(fingerprint(c, q)),
	                    val_int(r->status), val_str(body), val_int(c->now_ms)));
}

bool idempotency_prune(struct ctx *c, bool *out_more)
{
	int64_t before = c->now_ms - IDEMPOTENCY_DAYS * MS_PER_DAY, count;

	if (!db_changes(c, &SQL_PRUNE, ARGS(val_int(before), val_int(PRUNE_MAX)), &count))
		return false;
	*out_more = count == PRUNE_MAX;
	return true;
}
