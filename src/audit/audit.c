/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit.h"
#include "base/check.h"
#include "base/id.h"

#define REQUEST_MS ((int64_t)60 * 60 * 1000)

const char *const actor_kind_names[] = {
	[ACTOR_NONE] = "none", [ACTOR_SYSTEM] = "system",   [ACTOR_USER] = "user",
	[ACTOR_KEY] = "key",   [ACTOR_PARTNER] = "partner", [ACTOR_PARTNER + 1] = NULL,
};

static const struct field fields[] = {
	FIELD(struct audit, id, .flags = OUT, .as = AS_ID, .id = ID_AUDIT),
	FIELD(struct audit, at, .flags = OUT, .as = AS_TIME),
	FIELD(struct audit, actor_kind, .flags = OUT, .as = AS_ENUM, .names = actor_kind_names),
	FIELD(struct audit, actor_id, .flags = 0),
	FIELD(struct audit, actor_name, .flags = OUT),
	FIELD(struct audit, action, .flags = OUT),
	FIELD(struct audit, target, .flags = OUT),
	FIELD(struct audit, change, .flags = OUT, .as = AS_JSON),
	FIELD(struct audit, request_id, .flags = OUT),
};

const struct model audit_model = MODEL("audit", fields);

static const struct sql SQL_POST = {
	.text = "INSERT INTO audit (org_id, id, at, actor_kind, actor_id, actor_name, action, target,"
	        " change, request_id)"
	        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
};

static const struct sql SQL_POST_CONTROL = {
	.text = "INSERT INTO control_audit (org_id, id, at, actor_kind, actor_id, actor_name, action,"
	        " target, change, request_id)"
	        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
	.control = true, .global = true,
};

static const struct sql SQL_LIST = {
	.text = "SELECT @columns FROM audit"
	        " WHERE org_id = $1 AND id < $2"
	        " AND ($3 = '' OR action = $3) AND ($4 = '' OR target = $4)"
	        " AND ($6 = '' OR request_id = $6) AND id >= $7"
	        " ORDER BY id DESC LIMIT $5",
	.model = &audit_model,
};

static const struct sql SQL_LIST_OF_TARGET = {
	.text = "SELECT @columns FROM audit"
	        " WHERE org_id = $1 AND target = $4 AND id < $2 AND ($3 = '' OR action = $3)"
	        " AND ($6 = '' OR request_id = $6) AND id >= $7"
	        " ORDER BY id DESC LIMIT $5",
	.model = &audit_model,
};

static const struct sql SQL_LIST_CONTROL = {
	.text = "SELECT @columns FROM control_audit"
	        " WHERE org_id = $1 AND id < $2"
	        " AND ($3 = '' OR action = $3) AND ($4 = '' OR target = $4)"
	        " AND ($6 = '' OR request_id = $6) AND id >= $7"
	        " ORDER BY id DESC LIMIT $5",
	.model = &audit_model, .control = true,
};

const struct sql *const audit_sql[] = { &SQL_POST, &SQL_POST_CONTROL, &SQL_LIST,
	                                &SQL_LIST_OF_TARGET, &SQL_LIST_CONTROL, NULL };

static int64_t actor_id(const struct actor *a)
{
	return a->kind == ACTOR_KEY ? a->key_id : a->user_id;
}

bool audit_post(struct ctx *c, const char *action, struct str target, struct str change)
{
	CHECK(c->org_id > 0);
	return db_exec(c, &SQL_POST,
	               ARGS(val_int(id_new()), val_int(c->now_ms), val_int(c->actor.kind),
	                    val_int(actor_id(&c->actor)), val_str(c->actor.name),
	                    val_str(str_from(action)), val_str(target), val_str(change),
	                    val_str(c->request_id)));
}

bool audit_control_org(struct ctx *c, int64_t org_id, const char *action, struct str target,
                       struct str change)
{
	return db_exec(c, &SQL_POST_CONTROL,
	               ARGS(val_int(org_id), val_int(id_new()), val_int(c->now_ms),
	                    val_int(c->actor.kind), val_int(actor_id(&c->actor)),
	                    val_str(c->actor.name), val_str(str_from(action)), val_str(target),
	                    val_str(change), val_str(c->request_id)));
}

bool audit_control(struct ctx *c, const char *action, struct str target, struct str change)
{
	return audit_control_org(c, c->org_id, action, target, change);
}

/* Both lists are sorted already: the latest first. */
static void merge(struct ctx *c, const struct list *a, const struct list *b, int64_t limit,
                  struct list *out)
{
	const struct audit *x = a->items, *y = b->items;
	struct audit *all = ARENA_ARRAY(c->arena, struct audit, a->count + b->count);
	size_t i = 0, j = 0, n = 0;

	while (n < (size_t)limit && (i < a->count || j < b->count)) {
		bool first = j == b->count || (i < a->count && x[i].id > y[j].id);

		all[n++] = first ? x[i++] : y[j++];
	}
	*out = (struct list){ all, n };
}

bool audit_list(struct ctx *c, const struct audit_filter *f, struct list *out)
{
	int64_t from = f->request_id, before = f->before > 0 ? f->before : INT64_MAX;
	int64_t end = from ? id_at_ms(id_time_ms(from) + REQUEST_MS) : INT64_MAX;
	struct str request = from ? id_str(c->arena, ID_REQUEST, from) : STR("");
	struct args args = ARGS(val_int(before < end ? before : end), val_str(f->action),
	                        val_str(f->target), val_int(f->limit), val_str(request),
	                        val_int(from));
	struct list own, control;

	CHECK(f->limit > 0);
	if (!db_list(c, f->target.n ? &SQL_LIST_OF_TARGET : &SQL_LIST, args, sizeof(struct audit),
	             &own)
	    || !db_list(c, &SQL_LIST_CONTROL, args, sizeof(struct audit), &control))
		return false;
	merge(c, &own, &control, f->limit, out);
	return true;
}
