/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sqlite_keys.h"
#include "base/check.h"
#include "db/sqlite_conn.h"

/*
 * With one key in 32 waiting each page gets several at once: it has about a hundred. Fewer than
 * WAITING_MIN have few pages anyway, more than WAITING_MAX take too long to read at a start.
 */
#define WAITING_PART 32
#define WAITING_MIN 256
#define WAITING_MAX 32768
#define MOVED_MORE 256 /* at most, in one commit, beside as many as came with it */
#define NEAR "1000"    /* keys that count are nearer than this */
#define VALUES_MAX 3

static const char find_tables[] =
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'key_new'";

static const char reader_setup[] =
        "CREATE TEMP VIEW event_waiting AS SELECT key, id FROM main.key_new WHERE kind = 0;"
        "CREATE TEMP VIEW customer_waiting AS SELECT key, id FROM main.key_new WHERE kind = 1;";

/* No key is listed twice, unless somebody was at the file: then the audit says so. */
static const char writer_setup[] =
        "CREATE TEMP TABLE event_waiting (key INTEGER PRIMARY KEY, id BIGINT NOT NULL);"
        "CREATE TEMP TABLE customer_waiting (key INTEGER PRIMARY KEY, id BIGINT NOT NULL);"
        "INSERT OR IGNORE INTO event_waiting SELECT key, id FROM main.key_new WHERE kind = 0"
        " ORDER BY key;"
        "INSERT OR IGNORE INTO customer_waiting SELECT key, id FROM main.key_new WHERE kind = 1"
        " ORDER BY key;";

static const char count_both[] =
        "SELECT (SELECT count(*) FROM event_waiting) + (SELECT count(*) FROM customer_waiting)";

static bool count_waiting(struct ctx *c, struct lite_conn *conn)
{
	struct lite_keys *k = &conn->keys;

	if (!lite_int(c, conn, count_both, &k->waiting)
	    || !lite_int(c, conn, "SELECT max(number) FROM key_new", &k->newest)
	    || !lite_int(c, conn, "SELECT min(number) - 1 FROM key_new", &k->removed))
		return false;
	k->began = k->newest;
	return true;
}

bool keys_open(struct ctx *c, struct lite_conn *conn)
{
	int64_t there;

	conn->keys = (struct lite_keys){ .key = INT64_MIN };
	if (!lite_int(c, conn, find_tables, &there))
		return false;
	conn->keys.on = there != 0;
	if (!conn->keys.on)
		return true;
	if (!conn->writer)
		return lite_run(c, conn, reader_setup);
	return lite_run(c, conn, writer_setup) && count_waiting(c, conn);
}

struct keyed {
	struct sql nearest, place, wait, end, move, moved, each;
};

#define KEYED(t) { \
	.nearest = { .global = true, .text = \
		"SELECT (SELECT max(key) FROM " t "_waiting WHERE key BETWEEN $1 - " NEAR " AND $1)," \
		" (SELECT max(key) FROM " t "_key WHERE key BETWEEN $1 - " NEAR " AND $1)" }, \
	.place = { .global = true, .text = "INSERT INTO " t "_key (key, id) VALUES ($1, $2)" }, \
	.wait = { .global = true, .text = "INSERT INTO " t "_waiting (key, id) VALUES ($1, $2)" }, \
	.end = { .global = true, .text = \
		"SELECT key FROM " t "_waiting WHERE key > $1 ORDER BY key LIMIT 1 OFFSET $2" }, \
	.move = { .global = true, .text = \
		"INSERT OR IGNORE INTO " t "_key SELECT key, id FROM " t "_waiting" \
		" WHERE key > $1 AND key <= $2 ORDER BY key" }, \
	.moved = { .global = true, .text = \
		"DELETE FROM " t "_waiting WHERE key > $1 AND key <= $2" }, \
	.each = { .global = true, .text = \
		"SELECT key, id FROM " t "_key UNION ALL SELECT key, id FROM " t "_waiting w" \
		" WHERE NOT EXISTS (SELECT 1 FROM " t "_key k WHERE k.key = w.key AND k.id = w.id)" }, \
}

/* As sql_keyed and enum keyed_table. */
static const struct keyed keyed[] = { KEYED("event"), KEYED("customer") };

static const struct sql SQL_LIST = {
	.text = "INSERT INTO key_new (key, id, kind) VALUES ($1, $2, $3)", .global = true,
};
static const struct sql SQL_NEWEST = { .text = "SELECT max(number) FROM key_new", .global = true };
static const struct sql SQL_REMOVE = {
	.text = "DELETE FROM key_new WHERE number > $1 AND number <= $2"
	        " AND NOT EXISTS (SELECT 1 FROM event_waiting w WHERE kind = 0 AND w.key = key_new.key)"
	        " AND NOT EXISTS (SELECT 1 FROM customer_waiting w WHERE kind = 1"
	        " AND w.key = key_new.key)",
	.global = true,
};

struct numbers {
	int64_t v[VALUES_MAX];
};
#define NUMBERS(...) ((struct numbers){ { __VA_ARGS__ } })

/* Run a statement with these numbers. A row it answers is put into *out; NULL is 0. */
static bool ask(struct ctx *c, struct lite_conn *conn, const struct sql *q, struct numbers args,
                struct numbers *out)
{
	sqlite3_stmt *s = lite_prepare(c, conn, q);
	int rc;

	if (!s)
		return false;
	for (int i = 0; i < sqlite3_bind_parameter_count(s); i++)
		sqlite3_bind_int64(s, i + 1, args.v[i]);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW)
		for (int i = 0; i < sqlite3_column_count(s); i++)
			out->v[i] = sqlite3_column_int64(s, i);
	sqlite3_reset(s);
	return rc == SQLITE_DONE || lite_fail(c, conn, rc, q->text);
}

static bool run(struct ctx *c, struct lite_conn *conn, const struct sql *q, struct numbers args)
{
	return ask(c, conn, q, args, NULL);
}

static int64_t kind_of(const struct sql *q)
{
	for (int64_t kind = 0; sql_keyed[kind]; kind++)
		if (strcmp(q->late, sql_keyed[kind]) == 0)
			return kind;
	return -1;
}

/* Where no key is near, max(key) is NULL and near.v 0, which is no key. */
static bool note(struct ctx *c, struct lite_conn *conn, const struct keyed *k, struct numbers row)
{
	struct numbers near = { 0 };
	int64_t key = row.v[0];

	if (!ask(c, conn, &k->nearest, row, &near))
		return false;
	if (near.v[0] == key || near.v[1] == key)
		return lite_fail(c, conn, SQLITE_CONSTRAINT_UNIQUE, "a key that is there already");
	if (near.v[0] != 0 || near.v[1] != 0)
		return run(c, conn, &k->place, row);
	return run(c, conn, &SQL_LIST, row) && run(c, conn, &k->wait, row);
}

bool keys_note(struct ctx *c, struct lite_conn *conn, struct call call)
{
	int64_t kind = conn->keys.on && call.sql->late ? kind_of(call.sql) : -1;

	return kind < 0 || note(c, conn, &keyed[kind], NUMBERS(call.args[call.sql->late_key - 1].i,
	                                                       call.args[1].i, kind));
}

/* The walk goes on with the next kind; after the last one a round is complete. */
static void next_kind(struct lite_keys *k)
{
	k->key = INT64_MIN;
	if (sql_keyed[++k->kind])
		return;
	k->kind = 0;
	k->through = k->began - 1; /* the newest stays, so that numbers go on growing */
	k->began = k->newest;
}

static bool move(struct ctx *c, struct lite_conn *conn, struct lite_keys *k, int64_t count)
{
	const struct keyed *q = &keyed[k->kind];
	struct numbers end = NUMBERS(INT64_MAX);

	if (!ask(c, conn, &q->end, NUMBERS(k->key, count - 1), &end)
	    || !run(c, conn, &q->move, NUMBERS(k->key, end.v[0]))
	    || !run(c, conn, &q->moved, NUMBERS(k->key, end.v[0])))
		return false;
	k->waiting -= sqlite3_changes64(conn->h);
	k->key = end.v[0];
	if (k->key == INT64_MAX)
		next_kind(k);
	return true;
}

static bool remove_placed(struct ctx *c, struct lite_conn *conn, struct lite_keys *k,
                          int64_t count)
{
	int64_t end = k->removed + count < k->through ? k->removed + count : k->through;

	if (k->removed >= end)
		return true;
	if (!run(c, conn, &SQL_REMOVE, NUMBERS(k->removed, end)))
		return false;
	k->removed = end;
	return true;
}

static int64_t at_most(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* The newest number tells how many keys there have been that did not count. */
static int64_t may_wait(const struct lite_keys *k)
{
	int64_t part = k->newest / WAITING_PART;

	return part < WAITING_MIN ? WAITING_MIN : at_most(part, WAITING_MAX);
}

bool keys_place(struct ctx *c, struct lite_conn *conn, struct lite_keys *out)
{
	struct numbers newest = { 0 };
	int64_t added, count;

	*out = conn->keys;
	if (!out->on)
		return true;
	if (!ask(c, conn, &SQL_NEWEST, NUMBERS(0), &newest))
		return false;
	added = newest.v[0] - out->newest;
	out->newest = newest.v[0];
	out->waiting += added;
	count = at_most(out->waiting - may_wait(out), 2 * added + MOVED_MORE);
	return (count <= 0 || move(c, conn, out, count))
	    && remove_placed(c, conn, out, 4 * added + MOVED_MORE);
}

bool keys_each(struct db *db, struct ctx *c, enum keyed_table table, const struct key_reader *to)
{
	struct lite_conn *conn = (struct lite_conn *)db;
	const struct sql *q = &keyed[table].each;
	sqlite3_stmt *s = conn->keys.on ? lite_prepare(c, conn, q) : NULL;
	int rc;

	CHECK((size_t)table < LEN(keyed));
	if (!s)
		return !conn->keys.on;
	while ((rc = sqlite3_step(s)) == SQLITE_ROW)
		to->fn(sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1), to->arg);
	sqlite3_reset(s);
	return rc == SQLITE_DONE || lite_fail(c, conn, rc, q->text);
}

/* One of them is listed as well: its number says how many there are. */
static const char rebuild[] =
        "INSERT INTO event_key SELECT external_key, id FROM event ORDER BY external_key;"
        "INSERT INTO customer_key SELECT external_key, id FROM customer ORDER BY external_key;"
        "INSERT INTO key_new SELECT (SELECT count(*) FROM event_key)"
        " + (SELECT count(*) FROM customer_key), 0, key, id FROM event_key ORDER BY key LIMIT 1";

bool keys_rebuild(struct ctx *c, struct lite_conn *conn)
{
	int64_t there;

	return lite_int(c, conn, find_tables, &there) && (there == 0 || lite_run(c, conn, rebuild));
}
