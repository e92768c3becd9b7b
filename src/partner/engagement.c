/* SPDX-License-Identifier: Apache-2.0 */
#include "partner/engagement.h"

#include "base/field.h"
#include "partner/enrolment.h"

static const struct field fields[] = {
	FIELD(struct engagement, enrolment_id, .flags = 0),
	FIELD(struct engagement, started_at, .flags = 0),
	FIELD(struct engagement, ended_at, .flags = 0),
};

static const struct model engagement_model = MODEL("engagement", fields);

static const struct sql SQL_LIST = {
	.text = "SELECT @columns FROM engagement WHERE org_id = $1 AND enrolment_id = $2"
	        " ORDER BY started_at",
	.model = &engagement_model,
};

bool engagement_list(struct ctx *c, int64_t enrolment_id, struct list *out)
{
	return db_list(c, &SQL_LIST, ARGS(val_int(enrolment_id)), sizeof(struct engagement), out);
}

static const struct sql SQL_FIRST = {
	.text = "SELECT started_at FROM engagement WHERE org_id = $1 ORDER BY started_at LIMIT 1",
};

bool engagement_first(struct ctx *c, int64_t *out_ms)
{
	return db_int(c, &SQL_FIRST, NO_ARGS, out_ms);
}

/* Banned and reinstated within one millisecond, it goes on. */
static const struct sql SQL_BEGIN = {
	.text = "INSERT INTO engagement (org_id, enrolment_id, started_at, ended_at)"
	        " VALUES ($1, $2, $3, 0) ON CONFLICT (org_id, enrolment_id, started_at)"
	        " DO UPDATE SET ended_at = 0",
};

static const struct sql SQL_END = {
	.text = "UPDATE engagement SET ended_at = $3"
	        " WHERE org_id = $1 AND enrolment_id = $2 AND ended_at = 0",
};

static bool keep_one(struct ctx *c, const struct partner *p, const struct enrolment *e)
{
	enum partner_status status = enrolment_status(p, e);
	const struct engagement *last;
	struct list all;
	bool goes_on;

	if (status == PARTNER_SUSPENDED)
		return true;
	if (!engagement_list(c, e->id, &all))
		return false;
	last = (const struct engagement *)all.items + all.count - 1;
	goes_on = all.count > 0 && last->ended_at == 0;
	if (goes_on == (status == PARTNER_APPROVED))
		return true;
	return db_exec(c, goes_on ? &SQL_END : &SQL_BEGIN, ARGS(val_int(e->id), val_int(c->now_ms)));
}

bool engagement_keep(struct ctx *c, int64_t partner_id)
{
	struct partner p;
	struct list list;

	if (!partner_get(c, partner_id, &p) || !enrolment_list(c, partner_id, &list))
		return false;
	for (size_t i = 0; i < list.count; i++)
		if (!keep_one(c, &p, (const struct enrolment *)list.items + i))
			return false;
	return true;
}

const struct sql *const engagement_sql[] = {
	&SQL_LIST, &SQL_FIRST, &SQL_BEGIN, &SQL_END, NULL,
};
