/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sqlite_tree.h"
#define FIXTURE_MIGRATIONS "tests/cases/db"
#include "db/fixture.h"

#include <fcntl.h>
#include <unistd.h>

#define ROWS 1500

struct row {
	int64_t id, status;
	struct str slug, name, currency, url;
	bool review;
	int64_t created_at;
};

static const struct field fields[] = {
	FIELD(struct row, id, .flags = 0),     FIELD(struct row, slug, .flags = 0),
	FIELD(struct row, name, .flags = 0),   FIELD(struct row, currency, .flags = 0),
	FIELD(struct row, url, .flags = 0),    FIELD(struct row, status, .flags = 0),
	FIELD(struct row, review, .flags = 0), FIELD(struct row, created_at, .flags = 0),
};
static const struct model row_model = MODEL("thing", fields);

/* Not in the order of the table. */
static const struct field walked_fields[] = {
	FIELD(struct row, id, .flags = 0),         FIELD(struct row, slug, .flags = 0),
	FIELD(struct row, created_at, .flags = 0), FIELD(struct row, name, .flags = 0),
	FIELD(struct row, url, .flags = 0),        FIELD(struct row, status, .flags = 0),
};
static const struct model walked_model = MODEL("thing", walked_fields);

#define WALK "SELECT @columns FROM thing WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3"

static const struct sql SQL_PAST = { .text = WALK, .model = &walked_model, .whole = true };
static const struct sql SQL_PLAIN = { .text = WALK, .model = &walked_model };

static const struct sql SQL_ADD = {
	.text = "INSERT INTO thing (org_id, id, slug, name, currency, url, status, review, created_at)"
	        " VALUES ($1, $2, $3, $4, 'EUR', NULL, $5, 0, NULL)",
};
static const struct sql SQL_FALSIFY = {
	.text = "UPDATE thing SET created_at = 'then' WHERE org_id = $1 AND id = $2",
};
static const struct sql SQL_OTHERS = {
	.text = "UPDATE thing SET org_id = 7 WHERE org_id = $1 AND id = $2",
};

static uint64_t random_below(uint64_t n)
{
	static uint64_t x = 1;

	x = x * 6364136223846793005u + 1442695040888963407u; /* Knuth's MMIX */
	return (x >> 33) % n;
}

/* Of any size: most fit their page, some need a page or more of their own. */
static struct str text(struct ctx *c)
{
	static const uint64_t sizes[] = { 1, 20, 300, 1100, 12000 };
	uint64_t n = random_below(sizes[random_below(LEN(sizes))]);
	char *p = arena_alloc(c->arena, n + 1);

	memset(p, 'a' + (int)random_below(26), n);
	return (struct str){ p, n };
}

/* Of every length that numbers are stored in, below zero and above. */
static int64_t number(void)
{
	uint64_t bits = random_below((uint64_t)1 << 31) << 33 | random_below((uint64_t)1 << 31) << 2;

	return (int64_t)bits >> random_below(64);
}

static void add_rows(struct ctx *c, struct store *s, int64_t from, int64_t to)
{
	OK(fixture_write(c, s, 1));
	for (int64_t i = from; i <= to; i++) {
		struct str slug = arena_printf(c->arena, "s%d", (int)i);

		if (i % 5 == 0)
			OK(db_exec(c, &SQL_ADD, ARGS(val_int(i), val_str(slug), val_str(text(c)),
			                             val_int(number()))));
		else
			OK(db_insert(c, &row_model,
			             &(struct row){ .id = i, .slug = slug, .name = text(c),
			                            .currency = STR("EUR"), .url = text(c),
			                            .status = number(), .created_at = number() }));
	}
	OK(fixture_commit(c, s));
}

/* What a walk comes to. */
struct walked {
	bool past, ok;
	int64_t count;
	uint64_t sum;
};

static void add_bytes(struct walked *w, const void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		w->sum = (w->sum ^ ((const uint8_t *)p)[i]) * 1099511628211u; /* FNV-1a */
}

static void add_text(struct walked *w, struct str s)
{
	add_bytes(w, &s.n, sizeof(s.n));
	add_bytes(w, s.p, s.n);
}

static struct walked walk(struct ctx *c, const struct sql *q)
{
	struct walked w = { .count = -1 };
	struct row r = { 0 };
	bool found = true;
	struct cursor k;

	w.ok = cursor_open(&k, c, q, 1);
	w.past = k.walk.tree != NULL;
	while (w.ok && found) {
		w.count++;
		add_bytes(&w, &r.id, sizeof(r.id));
		add_bytes(&w, &r.status, sizeof(r.status));
		add_bytes(&w, &r.created_at, sizeof(r.created_at));
		add_text(&w, r.slug);
		add_text(&w, r.name);
		add_text(&w, r.url);
		w.ok = cursor_next(&k, &r, &found);
	}
	cursor_close(&k);
	fail_clear(c);
	return w;
}

/* Both ways; the transaction is over afterwards, for a file that is broken does not go on. */
static struct walked walk_both(struct ctx *c, struct store *s)
{
	struct walked past, plain;

	OK(fixture_read(c, s, 1));
	past = walk(c, &SQL_PAST);
	fixture_rollback(c, s);
	OK(fixture_read(c, s, 1));
	plain = walk(c, &SQL_PLAIN);
	fixture_rollback(c, s);
	OK(!plain.past);
	EQ(past.ok, plain.ok);
	if (past.ok)
		OK(past.count == plain.count && past.sum == plain.sum);
	return past;
}

static struct store *open_store(struct ctx *c, const struct store_config *config)
{
	struct store *s = store_open(c, config);

	OK(s && store_migrate(s, c, 1));
	return s;
}

/* A store with these rows, all of them in the file: its log went when it was closed. */
static struct store *store_of_rows(struct ctx *c, const struct store_config *config, int64_t rows)
{
	struct store *s = open_store(c, config);

	add_rows(c, s, 1, rows);
	store_close(s);
	return open_store(c, config);
}

TEST(rows_read_past_sqlite_are_those_that_it_hands_out)
{
	struct store_config config = fixture_config_sqlite(c, FIXTURE_MIGRATIONS);
	struct store *s = store_of_rows(c, &config, ROWS);
	struct walked w = walk_both(c, s);

	OK(w.past && w.ok);
	EQ(w.count, ROWS);
	store_close(s);
}

TEST(a_table_without_rows_is_read_past_sqlite_as_well)
{
	struct store_config config = fixture_config_sqlite(c, FIXTURE_MIGRATIONS);
	struct store *s = store_of_rows(c, &config, 0);
	struct walked w = walk_both(c, s);

	OK(w.past && w.ok);
	EQ(w.count, 0);
	store_close(s);
}

TEST(what_is_in_the_log_alone_is_read_through_sqlite)
{
	struct store_config config = fixture_config_sqlite(c, FIXTURE_MIGRATIONS);
	struct store *s = store_of_rows(c, &config, 100);
	struct walked w;

	OK(walk_both(c, s).past);
	add_rows(c, s, 101, 200);
	w = walk_both(c, s);
	OK(!w.past && w.ok);
	EQ(w.count, 200);
	store_close(s);
}

TEST(a_walk_past_sqlite_sees_nothing_that_is_committed_meanwhile)
{
	struct store_config config = fixture_config_sqlite(c, FIXTURE_MIGRATIONS);
	struct store *s = store_of_rows(c, &config, 400);
	struct ctx reader = *c;
	struct cursor k;
	struct row r;
	bool found;

	OK(fixture_read(&reader, s, 1));
	OK(cursor_open(&k, &reader, &SQL_PAST, 1) && k.walk.tree);
	for (int i = 1; i <= 400; i++) {
		OK(cursor_next(&k, &r, &found) && found && r.id == i);
		if (i % 50 == 0)
			add_rows(c, s, 400 + i, 449 + i);
	}
	OK(cursor_next(&k, &r, &found) && !found);
	cursor_close(&k);
	fixture_rollback(&reader, s);
	OK(!walk_both(c, s).past);
	store_close(s);
}

TEST(sqlite_goes_on_where_a_row_is_not_what_it_should_be)
{
	struct store_config config = fixture_config_sqlite(c, FIXTURE_MIGRATIONS);
	struct store *s = open_store(c, &config);
	struct walked w;

	add_rows(c, s, 1, 300);
	OK(fixture_write(c, s, 1));
	OK(db_exec(c, &SQL_OTHERS, ARGS(val_int(300))));
	OK(fixture_commit(c, s));
	store_close(s);
	s = open_store(c, &config);
	w = walk_both(c, s);
	OK(w.past && w.ok);
	EQ(w.count, 299);
	OK(fixture_write(c, s, 1));
	OK(db_exec(c, &SQL_FALSIFY, ARGS(val_int(200))));
	OK(fixture_commit(c, s));
	store_close(s);
	s = open_store(c, &config);
	w = walk_both(c, s);
	OK(w.past && !w.ok);
	EQ(w.count, 199);
	store_close(s);
}

static const char *file_of(struct ctx *c, const struct store_config *config)
{
	char id[ID_TEXT_MAX];

	id_format(ID_ORG, 1, id);
	return arena_printf(c->arena, "%.*s/org/%s.db", STR_ARG(config->data_dir), id).p;
}

/* Some bytes of the file become others. */
static void break_file(struct ctx *c, int fd, off_t size)
{
	for (uint64_t n = 1 + random_below(4); n > 0; n--) {
		off_t at = 4096 + (off_t)random_below((uint64_t)size - 4096);
		uint8_t byte = (uint8_t)random_below(256);

		if (random_below(2)) /* where pages say what they are */
			at = (at & ~(off_t)4095) | (off_t)random_below(64);
		OK(pwrite(fd, &byte, 1, at) == 1);
	}
}

/* Without a check of the whole file that others might do when it is opened: only this one table. */
static void walk_broken(struct ctx *c, const struct store_config *config, int *past)
{
	struct store *s = store_open(c, config);

	if (s && fixture_read(c, s, 1)) {
		fixture_rollback(c, s);
		*past += walk_both(c, s).past;
	}
	fail_clear(c);
	if (s)
		store_close(s);
}

TEST(a_broken_file_is_to_both_ways_the_same)
{
	struct store_config config = fixture_config_sqlite(c, FIXTURE_MIGRATIONS);
	int past = 0, fd;
	off_t size;
	char *whole;

	store_close(store_of_rows(c, &config, 150));
	fd = open(file_of(c, &config), O_RDWR | O_CLOEXEC);
	size = lseek(fd, 0, SEEK_END);
	whole = arena_alloc(c->arena, (size_t)size);
	OK(fd >= 0 && pread(fd, whole, (size_t)size, 0) == size);
	for (int i = 0; i < 300; i++) {
		break_file(c, fd, size);
		walk_broken(c, &config, &past);
		OK(pwrite(fd, whole, (size_t)size, 0) == size);
	}
	close(fd);
	OK(past > 100);
}
