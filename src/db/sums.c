/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sums.h"
#include "base/check.h"
#include "db/db_driver.h"
#include "db/sql_text.h"

const char *const db_sum_tables[] = { "balance", "standing", "report_day", NULL };

#define SLOTS (SUMS_MAX * 2)

void sums_clear(struct sums *s)
{
	if (s->items)
		memset(s->slots, 0, sizeof(s->slots));
	s->items = NULL;
	s->count = s->room = 0;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	return (hash ^ value) * 0x9E3779B97F4A7C15u;
}

/* The arguments that find the row: all before the first that is added. */
static size_t key_count(const struct sql *q)
{
	return q->sums_from - 1;
}

static uint64_t hash_key(const struct sql *q, struct args args)
{
	uint64_t hash = mix(0, (uint64_t)(uintptr_t)q);

	for (size_t i = 0; i < key_count(q); i++) {
		const struct val *v = &args.v[i];

		hash = mix(hash, (uint64_t)v->i);
		for (size_t k = 0; k < v->s.n; k++)
			hash = mix(hash, (unsigned char)v->s.p[k]);
	}
	return hash >> 32;
}

static bool same_key(const struct sum *m, const struct sql *q, struct args args)
{
	if (m->sql != q)
		return false;
	for (size_t i = 0; i < key_count(q); i++)
		if (m->args[i].i != args.v[i].i || !str_eq(m->args[i].s, args.v[i].s))
			return false;
	return true;
}

/* Where the row is, or the empty place where it would be. */
static uint16_t *slot_of(struct sums *s, const struct sql *q, struct args args)
{
	size_t i = hash_key(q, args) % SLOTS;

	while (s->slots[i] && !same_key(&s->items[s->slots[i] - 1], q, args))
		i = (i + 1) % SLOTS;
	return &s->slots[i];
}

static void keep(struct arena *a, struct sum *m, const struct sql *q, struct args args)
{
	*m = (struct sum){ .sql = q, .arg_count = args.n };
	for (size_t i = 0; i < args.n; i++) {
		m->args[i] = args.v[i];
		if (args.v[i].type == VAL_STR)
			m->args[i].s = arena_str(a, args.v[i].s);
	}
}

bool sums_add(struct ctx *c, struct db *db, const struct sql *q, struct args args)
{
	struct sums *s = &db->sums;
	uint16_t *slot;

	CHECK(args.n <= SUM_ARGS_MAX && q->sums_from > 1 && args.n >= q->sums_from);
	if (s->count == SUMS_MAX && !sums_write(c, db))
		return false;
	s->items = arena_grow(&db->arena, s->items, sizeof(*s->items), s->count, &s->room);
	slot = slot_of(s, q, args);
	if (*slot == 0) {
		keep(&db->arena, &s->items[s->count], q, args);
		*slot = (uint16_t)++s->count;
		return true;
	}
	for (size_t i = key_count(q); i < args.n; i++) {
		struct val *sum = &s->items[*slot - 1].args[i];

		CHECK(sum->type == VAL_INT && args.v[i].type == VAL_INT);
		CHECK(!__builtin_add_overflow(sum->i, args.v[i].i, &sum->i));
	}
	return true;
}

bool sums_write(struct ctx *c, struct db *db)
{
	struct sums *s = &db->sums;

	for (size_t i = 0; i < s->count; i++) {
		const struct sum *m = &s->items[i];

		if (!db->driver->exec(db, c, (struct call){ m->sql, m->args, m->arg_count }))
			return false;
	}
	s->count = 0;
	memset(s->slots, 0, sizeof(s->slots));
	return true;
}

static bool names_any(const struct sql *q)
{
	for (size_t i = 0; db_sum_tables[i]; i++)
		if (sql_names(q->text, db_sum_tables[i]))
			return true;
	return false;
}

/* Texts are constants: each is looked through once, as long as no other takes its place here. */
static bool concerns(const struct sql *q)
{
	static _Thread_local struct {
		const struct sql *sql;
		const char *text;
		bool names;
	} known[256], *k;

	k = &known[((uintptr_t)q / sizeof(void *)) % LEN(known)];
	if (k->sql != q || k->text != q->text) {
		k->sql = q;
		k->text = q->text;
		k->names = names_any(q);
	}
	return k->names;
}

bool sums_make_way(struct ctx *c, struct db *db, const struct sql *q)
{
	return db->sums.count == 0 || !concerns(q) || sums_write(c, db);
}

void sums_mark(struct db *db)
{
	struct sums *s = &db->sums;
	struct sums_mark *m = &s->marks[db->parts - 1];

	m->count = s->count;
	if (s->count == 0)
		return;
	m->items = ARENA_ARRAY(&db->arena, struct sum, s->count);
	memcpy(m->items, s->items, s->count * sizeof(*s->items));
}

void sums_undo(struct db *db)
{
	struct sums *s = &db->sums;
	const struct sums_mark *m = &s->marks[db->parts - 1];

	s->count = 0;
	memset(s->slots, 0, sizeof(s->slots));
	for (size_t i = 0; i < m->count; i++) {
		struct sum *sum = &s->items[i];

		*sum = m->items[i];
		*slot_of(s, sum->sql, (struct args){ sum->args, sum->arg_count }) =
		        (uint16_t)(i + 1);
		s->count++;
	}
}
