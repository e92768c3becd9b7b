/* SPDX-License-Identifier: Apache-2.0 */
#include "db/store.h"
#define FIXTURE_MIGRATIONS "tests/cases/db"
#include "db/db_driver.h"
#include "db/fixture.h"

#include <sys/stat.h>

static const struct sql SQL_NOTE = { .text = "INSERT INTO only_here (org_id, note) VALUES ($1, $2)" };
static const struct sql SQL_NOTES = { .text = "SELECT count(*) FROM only_here WHERE org_id = $1" };

#define MB ((int64_t)1024 * 1024)
#define NOTE_MB 4
#define DUE_MB 32

static int64_t wal_mb(struct ctx *c, struct store *s)
{
	char id[ID_TEXT_MAX];
	struct stat st;

	id_format(ID_ORG, 1, id);
	EQ(stat(arena_printf(c->arena, "%.*s/org/%s.db-wal", STR_ARG(s->data_dir), id).p, &st), 0);
	return st.st_size / MB;
}

static struct str long_note(struct ctx *c)
{
	char *p = arena_alloc(c->arena, (size_t)(NOTE_MB * MB));

	memset(p, 'n', (size_t)(NOTE_MB * MB));
	return (struct str){ p, (size_t)(NOTE_MB * MB) };
}

static void write_notes(struct ctx *c, struct store *s, struct str note, int count)
{
	for (int i = 0; i < count; i++) {
		OK(fixture_write(c, s, 1));
		OK(db_exec(c, &SQL_NOTE, ARGS(val_str(note))));
		OK(fixture_commit(c, s));
	}
}

static int64_t notes(struct ctx *c)
{
	int64_t n = -1;

	OK(db_int(c, &SQL_NOTES, NO_ARGS, &n));
	return n;
}

TEST(a_wal_is_copied_beside_the_writer_and_begins_anew)
{
	struct store *s = fixture_sqlite(c, FIXTURE_MIGRATIONS);

	write_notes(c, s, long_note(c), 4 * DUE_MB / NOTE_MB);
	OK(wal_mb(c, s) >= DUE_MB - NOTE_MB);
	OK(wal_mb(c, s) <= DUE_MB + 3 * NOTE_MB);
	OK(fixture_read(c, s, 1));
	EQ(notes(c), 4 * DUE_MB / NOTE_MB);
	store_rollback(s, c->db);
}

TEST(a_reader_keeps_what_it_sees_and_the_wal_grows_as_long)
{
	struct store *s = fixture_sqlite(c, FIXTURE_MIGRATIONS);
	struct ctx other = { .arena = c->arena };
	struct str note = long_note(c);

	write_notes(c, s, note, 1);
	OK(fixture_read(&other, s, 1));
	EQ(notes(&other), 1);
	write_notes(c, s, note, 2 * DUE_MB / NOTE_MB);
	EQ(notes(&other), 1);
	OK(wal_mb(c, s) >= 2 * DUE_MB);
	store_rollback(s, other.db);
	write_notes(c, s, note, 2);
	/* truncated to journal_size_limit when it began anew */
	OK(wal_mb(c, s) <= 64);
}
