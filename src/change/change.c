/* SPDX-License-Identifier: Apache-2.0 */
#include "change/change.h"

#include "audit/audit.h"
#include "base/check.h"
#include "data/model_json.h"

static const struct sql SQL_MOVE = {
	.text = "INSERT INTO org_version (org_id, version) VALUES ($1, 1)"
	        " ON CONFLICT (org_id) DO UPDATE SET version = org_version.version + 1",
};

bool change_post(struct ctx *c, const char *action, struct str target, struct str change)
{
	CHECK(c->org_id > 0);
	db_renew(c);
	return audit_post(c, action, target, change)
	    && db_exec(c, &SQL_MOVE, NO_ARGS);
}

bool change_row(struct ctx *c, const char *action, const struct model *m, const void *before,
                const void *after)
{
	const struct field *id = &m->fields[0];

	CHECK(id->as == AS_ID);
	return change_post(c, action, id_str(c->arena, id->id, field_int(id, after)),
	                   model_change(c, m, before, after));
}

static const struct sql SQL_VERSION = {
	.text = "SELECT version FROM org_version WHERE org_id = $1",
};

bool change_version(struct ctx *c, int64_t *out)
{
	return db_int(c, &SQL_VERSION, NO_ARGS, out);
}

const struct sql *const change_sql[] = { &SQL_MOVE, &SQL_VERSION, NULL };
