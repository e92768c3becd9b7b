/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_BACKUP_H
#define DB_BACKUP_H

#include "base/buf.h"
#include "db/db_driver.h"
#include "db/migrate.h"
#include "db/tar.h"

/*
 * Private to src/db: what a backup consists of. The same for both databases, so
 * that one can be restored into the other. A tar archive (see tar.h) of
 *
 *     about                      "partnerd backup 1", the number of the newest migration
 *     secret                     the server's key, if the data directory has one
 *     control/TABLE.tsv          one per table with rows
 *     org/ORG/                   one folder per organisation
 *     org/ORG/TABLE.tsv
 *     checksums
 *
 * A .tsv has a line of column names and then a line per row, in the text format
 * of PostgreSQL's COPY: tabs between values, \N for NULL, backslash escapes.
 * Tables come in the order they were created, so references point backwards.
 */

#define BACKUP_VERSION "partnerd backup 1"
#define BACKUP_SECRET "secret"

/* Where a table's rows come from or go to. */
struct backup_table {
	int64_t org_id; /* 0: control */
	char name[64];
};

/* Write one value, or read the next off a line. The text of a value lives in `a`. */
void tsv_put(struct buf *b, struct val v);
struct val tsv_take(struct arena *a, struct str *line);

/* "org/org_…/partner.tsv" and back; false for other names. */
void backup_path(const struct backup_table *t, char out[TAR_NAME_MAX]);
bool backup_parse_path(const char *path, struct backup_table *out);

/* "org/org_…/" and back: 0 for other names. */
void backup_folder(int64_t org_id, char out[TAR_NAME_MAX]);
int64_t backup_parse_folder(const char *path);

/* What each database does: write all rows, or take them in. */
struct backup_driver {
	/* Everything between `about` and `checksums`, as of one moment (SQLite: of each file). */
	bool (*dump)(struct store *s, struct ctx *c, struct tar *t);
	/* A store without data, migrated to `migration` and no further. NULL: ERR_CONFLICT, … */
	struct store *(*begin)(struct ctx *c, const struct store_config *config, size_t migration);
	bool (*org)(struct store *s, struct ctx *c, int64_t org_id);
	/* The entry's lines follow, the first has the column names. */
	bool (*table)(struct store *s, struct ctx *c, const struct backup_table *table,
	              struct tar *t);
	/* Keep what was loaded, or undo everything; closes the store either way. */
	bool (*end)(struct store *s, struct ctx *c, bool keep);
};

extern const struct backup_driver sqlite_backup, postgres_backup;

#endif
