/* SPDX-License-Identifier: Apache-2.0 */
#include "db/asked.h"
#include "base/check.h"
#include "db/db_driver.h"
#include "db/sql_text.h"

#define SLOTS (ASKED_MAX * 2)

void asked_clear(struct asked *a)
{
	if (a->items)
		memset(a->slots, 0, sizeof(a->slots));
	a->items = NULL;
	a->count = a->live = a->room = 0;
}

static bool same(const struct question *n, const struct sql *q, struct args args)
{
	if (n->ticket.sql != q || n->arg_count != args.n)
		return false;
	for (size_t i = 0; i < args.n; i++) {
		const struct val *v = &args.v[i];

		if (n->args[i].type != v->type || n->args[i].i != v->i || !str_eq(n->args[i].s, v->s))
			return false;
	}
	return true;
}

static size_t hash(const struct sql *q, struct args args)
{
	uint64_t h = (uint64_t)(uintptr_t)q;

	for (size_t i = 0; i < args.n; i++)
		h = (h ^ (uint64_t)args.v[i].i ^ args.v[i].s.n) * 0x9E3779B97F4A7C15u;
	return (size_t)(h >> 32);
}

static uint16_t *slot_of(struct asked *a, const struct sql *q, struct args args)
{
	size_t i = hash(q, args) % SLOTS;

	while (a->slots[i] && !same(&a->items[a->slots[i] - 1], q, args))
		i = (i + 1) % SLOTS;
	return &a->slots[i];
}

struct question *asked_note(struct db *db, const struct sql *q, struct args args)
{
	struct asked *a = &db->asked;
	struct question *n;
	uint16_t *slot;

	CHECK(q->beside != NULL);
	if (a->count == ASKED_MAX || args.n > ASKED_ARGS_MAX)
		return NULL;
	a->items = arena_grow(&db->arena, a->items, sizeof(*a->items), a->count, &a->room);
	slot = slot_of(a, q, args);
	if (*slot)
		return NULL;
	n = &a->items[a->count];
	*n = (struct question){ .ticket = { .sql = q }, .arg_count = args.n, .live = true };
	for (size_t i = 0; i < args.n; i++) {
		n->args[i] = args.v[i];
		n->args[i].s = arena_str(&db->arena, args.v[i].s);
	}
	*slot = (uint16_t)++a->count;
	a->live++;
	return n;
}

struct question *asked_find(struct db *db, const struct sql *q, struct args args)
{
	struct asked *a = &db->asked;
	uint16_t slot = a->live > 0 ? *slot_of(a, q, args) : 0;

	return slot > 0 && a->items[slot - 1].live ? &a->items[slot - 1] : NULL;
}

static struct rows copy_rows(struct arena *a, const struct rows *r)
{
	size_t n = r->count * r->column_count;
	struct val *vals = ARENA_ARRAY(a, struct val, n);

	for (size_t i = 0; i < n; i++) {
		vals[i] = r->vals[i];
		if (vals[i].type == VAL_STR)
			vals[i].s = arena_str(a, vals[i].s);
	}
	return (struct rows){ r->count, r->column_count, r->names, vals };
}

bool asked_answer(struct ctx *c, struct db *db, struct question *n, struct rows *out)
{
	struct ctx lasting = *c;

	lasting.arena = &db->arena;
	if (!n->answered && !db->driver->take(db, &lasting, &n->ticket, &n->rows)) {
		c->err = lasting.err;
		return false;
	}
	n->answered = true;
	*out = copy_rows(c->arena, &n->rows);
	return true;
}

static void forget(struct asked *a, struct question *n)
{
	a->live--;
	n->live = false;
}

/* Rows with one key: concerns those who asked for that key. */
static void spoil_key(struct asked *a, const char *table, int64_t key)
{
	for (size_t i = 0; i < a->count; i++) {
		struct question *n = &a->items[i];
		const struct sql *q = n->ticket.sql;

		if (!n->live || (q->beside_key && n->args[q->beside_key - 1].i != key))
			continue;
		if (strcmp(q->beside, table) == 0)
			forget(a, n);
	}
}

static void spoil_tables(struct asked *a, const char *text)
{
	for (size_t i = 0; i < a->count; i++)
		if (a->items[i].live && sql_names(text, a->items[i].ticket.sql->beside))
			forget(a, &a->items[i]);
}

void asked_spoil(struct db *db, const struct sql *q, struct args args)
{
	struct asked *a = &db->asked;

	if (a->live == 0 || strncmp(q->text, "SELECT ", 7) == 0)
		return;
	if (q->late && q->late_key)
		spoil_key(a, q->late, args.v[q->late_key - 1].i);
	else if (q->beside && q->beside_key)
		spoil_key(a, q->beside, args.v[q->beside_key - 1].i);
	else
		spoil_tables(a, q->text);
}
