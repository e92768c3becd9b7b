/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_MODEL_SQL_H
#define DB_MODEL_SQL_H

#include "base/buf.h"
#include "db/db.h"

/*
 * The regular statements of a model, built from its fields once per process.
 *
 *     insert  INSERT INTO t (org_id, f…) VALUES ($1, $2, …)  every field; with a
 *             UNIQUE field also ON CONFLICT DO NOTHING
 *     update  UPDATE t SET f = $3, … WHERE org_id = $1 AND id = $2
 *             the IN fields that are not FIXED
 *     get     SELECT @columns FROM t WHERE org_id = $1 AND id = $2
 *
 * For a model of the control data there is no org_id in front (an org_id among
 * its fields is a field like any other) and the numbers start at $1. Each is the
 * same struct for ever, so connections can cache it by address. Thread-safe.
 */

struct model_sql {
	/* update.text is NULL without a field to update, both without "id" */
	struct sql insert, update, get;
	const struct field *unique;     /* the field to blame, or NULL */
};

const struct model_sql *model_sql(const struct model *m);

/* Does this field take part in the insert and the update? */
bool model_sql_inserts(const struct model *m, const struct field *f);
bool model_sql_updates(const struct model *m, const struct field *f);

#endif
