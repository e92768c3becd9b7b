/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include "base/ctx.h"
#include "db/sql_text.h"

/*
 * Migrations: migrations/NNNN_name.sql, numbered from 0001 without gaps, forward
 * only, one transaction each, recorded in the table `migration` of each database.
 *
 * A file has sections, each begun by a line of its own:
 *
 *     -- control         what follows belongs to the control data
 *     -- organisation    … to every organisation's data
 *     -- sqlite          inside a section: for SQLite only
 *     -- postgres        inside a section: for PostgreSQL only
 *     -- any             inside a section: for both again
 *
 * @clustered becomes WITHOUT ROWID on SQLite and nothing on PostgreSQL. Table
 * names must differ between the two sections: PostgreSQL keeps all in one place.
 * A migration is plain CREATE TABLE: row-level security, grants and the triggers
 * of append-only tables are made for every table by the driver, and a table in the
 * organisation section without `org_id BIGINT NOT NULL` is refused.
 */

enum migrate_part { MIGRATE_CONTROL, MIGRATE_ORG, MIGRATE_PARTS };

struct migration {
	int64_t number;
	struct str name;                 /* "start" */
	const char *text[MIGRATE_PARTS]; /* for one dialect; "" where there is nothing */
};

struct migrations {
	struct migration *items;
	size_t count; /* also the number of the newest */
};

/* Read them from a folder, or with dir "" those inside the program. Everything lives in `arena`. */
bool migrations_load(struct ctx *c, struct arena *arena, struct str dir, enum sql_dialect dialect,
                     struct migrations *out);

#endif
