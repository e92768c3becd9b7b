/* SPDX-License-Identifier: Apache-2.0 */
#include "deal/deal_history.h"

#include "base/check.h"

static const struct field fields[] = {
	FIELD(struct deal_history, deal_id, .flags = 0),
	FIELD(struct deal_history, id, .flags = 0),
	FIELD(struct deal_history, stage, .flags = OUT, .as = AS_ENUM, .names = deal_stage_names),
	FIELD(struct deal_history, conflict, .flags = 0),
	FIELD(struct deal_history, registered_at, .flags = 0),
	FIELD(struct deal_history, protected_until, .flags = OUT | NULLABLE, .as = AS_TIME),
	FIELD(struct deal_history, reason, .flags = OUT | NULLABLE),
	FIELD(struct deal_history, made_by, .flags = OUT),
	FIELD(struct deal_history, made_at, .flags = OUT, .as = AS_TIME),
};

const struct model deal_history_model = MODEL("deal_history", fields);

bool deal_history_add(struct ctx *c, const struct deal *d)
{
	const struct deal_history row = {
		.deal_id = d->id,
		.id = id_new(),
		.stage = d->stage,
		.conflict = d->conflict,
		.registered_at = d->registered_at,
		.protected_until = d->protected_until,
		.reason = d->reason,
		.made_by = c->actor.name,
		.made_at = c->now_ms,
	};

	CHECK(d->stage != DEAL_EXPIRED);
	return db_insert(c, &deal_history_model, &row);
}

static const struct sql SQL_LIST = {
	.text = "SELECT @columns FROM deal_history WHERE org_id = $1 AND deal_id = $2 ORDER BY id"
	        " LIMIT 500",
	.model = &deal_history_model,
};

bool deal_history_list(struct ctx *c, int64_t deal_id, struct list *out)
{
	return db_list(c, &SQL_LIST, ARGS(val_int(deal_id)), sizeof(struct deal_history), out);
}

static const struct sql SQL_THEN = {
	.text = "SELECT @columns FROM deal_history WHERE org_id = $1 AND deal_id = $2 AND id < $3"
	        " ORDER BY id DESC LIMIT 1",
	.model = &deal_history_model,
};

bool deal_history_then(struct ctx *c, int64_t before_id, struct deal *d, bool *out)
{
	struct deal_history then;

	if (!db_find(c, &SQL_THEN, ARGS(val_int(d->id), val_int(before_id)), &then, out))
		return false;
	if (!*out)
		return true;
	d->stage = then.stage;
	d->conflict = then.conflict;
	d->registered_at = then.registered_at;
	d->protected_until = then.protected_until;
	return true;
}

const struct sql *const deal_history_sql[] = { &SQL_LIST, &SQL_THEN, NULL };
