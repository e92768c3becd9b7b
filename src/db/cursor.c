/* SPDX-License-Identifier: Apache-2.0 */
#include "db/cursor.h"

#include "base/ahead.h"
#include "base/check.h"
#include "base/log.h"
#include "db/db_driver.h"

#include <stdlib.h>

#define PAGE 1000

static void map_columns(struct cursor *k, const struct rows *r)
{
	struct walk *w = &k->walk;

	w->column_count = r->column_count;
	w->columns = ARENA_ARRAY(&k->arena, struct cursor_column, r->column_count);
	for (size_t i = 0; i < r->column_count; i++) {
		const struct field *f = model_field(w->sql->model, str_from(r->names[i]));

		CHECK(f && f->type != TYPE_BOOL && (i >= k->key_count || f->type == TYPE_INT));
		w->columns[i] = (struct cursor_column){ f->offset, f->type == TYPE_STR };
	}
}

/* The arguments: the key to go on behind, and how many. */
static struct args arguments(const struct cursor *k, int64_t limit,
                             struct val room[CURSOR_KEYS_MAX + 1])
{
	for (size_t i = 0; i < k->key_count; i++)
		room[i] = val_int(k->key[i]);
	room[k->key_count] = val_int(limit);
	return (struct args){ room, k->key_count + 1 };
}

bool cursor_open(struct cursor *k, struct ctx *c, const struct sql *q, size_t key_count)
{
	struct val room[CURSOR_KEYS_MAX + 1];
	struct rows names;

	CHECK(q->model && key_count > 0 && key_count <= CURSOR_KEYS_MAX);
	*k = (struct cursor){ .c = c, .walk.sql = q, .key_count = key_count };
	arena_init(&k->arena);
	arena_init(&k->texts);
	for (size_t i = 0; i < key_count; i++)
		k->key[i] = INT64_MIN;
	k->db = q->control ? c->control : c->db;
	CHECK(k->db != NULL);
	if (!k->db->driver->walk)
		return true;
	if (!db_walk(c, &k->walk, arguments(k, -1, room), &names))
		return false;
	map_columns(k, &names);
	return true;
}

static bool read_page(struct cursor *k)
{
	struct val room[CURSOR_KEYS_MAX + 1];
	struct ctx own = *k->c;

	arena_reset(&k->arena);
	own.arena = &k->arena;
	k->at = 0;
	if (!db_query(&own, k->walk.sql, arguments(k, PAGE, room), &k->page)) {
		k->c->err = own.err;
		return false;
	}
	k->last = k->page.count < PAGE;
	if (k->page.count > 0)
		map_columns(k, &k->page);
	return true;
}

bool cursor_odd(struct ctx *c, const struct walk *w)
{
	log_event(LOG_ERROR, "a value is of another type than its column",
	          LOG_CSTR("table", w->sql->model->name), LOG_INT("org", c->org_id));
	return db_fail(c, ERR_STORAGE);
}

static bool put_value(struct cursor *k, const struct cursor_column *to, struct val v, char *row)
{
	if (v.type != VAL_NULL && (v.type == VAL_STR) != to->is_text)
		return cursor_odd(k->c, &k->walk);
	if (!to->is_text)
		memcpy(row + to->offset, &(int64_t){ v.type == VAL_INT ? v.i : 0 }, sizeof(v.i));
	else
		memcpy(row + to->offset, v.type == VAL_STR ? &v.s : &STR(""), sizeof(v.s));
	return true;
}

static bool next_of_page(struct cursor *k, char *row, bool *out_found)
{
	*out_found = false;
	if (k->at == k->page.count && !k->last && !read_page(k))
		return false;
	if (k->at == k->page.count)
		return true;
	for (size_t i = 0; i < k->walk.column_count; i++)
		if (!put_value(k, &k->walk.columns[i], rows_val(&k->page, k->at, i), row))
			return false;
	for (size_t i = 0; i < k->key_count; i++)
		k->key[i] = rows_int(&k->page, k->at, i);
	k->at++;
	*out_found = true;
	return true;
}

static bool next_of_walk(struct cursor *k, char *row, bool *out_found)
{
	arena_reset(&k->texts);
	k->walk.texts = &k->texts;
	return k->db->driver->walk_next(k->db, k->c, &k->walk, row, out_found);
}

/* ---- Ahead. */

#define ROWS_AHEAD 512
#define TEXT_BYTES ((size_t)512 * 1024) /* what their texts need mostly */

struct ahead_page {
	struct arena texts;
	char *rows;
	size_t count;
};

struct cursor_ahead {
	struct ahead ahead;
	struct ctx c;              /* the thread's own, for its error */
	bool failed;
	const struct walk *walk;
	struct db *db;
	size_t size;
	struct ahead_page pages[AHEAD_PAGES];
	struct ahead_page *page;   /* that is being handed out; NULL: none yet */
	size_t at;
};

/* In the thread. */
static bool fill_page(void *arg, size_t number)
{
	struct cursor_ahead *a = arg;
	struct ahead_page *page = &a->pages[number];
	struct walk walk = *a->walk;
	bool found = true;

	arena_reset(&page->texts);
	walk.texts = &page->texts;
	for (page->count = 0; page->count < ROWS_AHEAD; page->count++) {
		char *row = page->rows + page->count * a->size;

		if (!a->db->driver->walk_next(a->db, &a->c, &walk, row, &found)) {
			a->failed = true;
			return false;
		}
		if (!found)
			return false;
	}
	return true;
}

static struct cursor_ahead *ahead_new(const struct cursor *k, size_t size)
{
	struct cursor_ahead *a = calloc(1, sizeof(*a));

	CHECK(a != NULL);
	*a = (struct cursor_ahead){ .c = *k->c, .walk = &k->walk, .db = k->db, .size = size };
	for (size_t i = 0; i < AHEAD_PAGES; i++) {
		arena_init(&a->pages[i].texts);
		arena_reserve(&a->pages[i].texts, TEXT_BYTES);
		a->pages[i].rows = calloc(ROWS_AHEAD, size);
		CHECK(a->pages[i].rows != NULL);
	}
	return a;
}

bool cursor_open_ahead(struct cursor *k, const struct cursor_reader *by, const struct sql *q,
                       size_t key_count, size_t size)
{
	bool beside = by->twin && by->twin->db;

	if (!cursor_open(k, beside ? by->twin : by->c, q, key_count)) {
		by->c->err = k->c->err;
		return false;
	}
	k->c = by->c;
	if (!beside || !k->walk.stmt)
		return true;
	k->ahead = ahead_new(k, size);
	ahead_start(&k->ahead->ahead, fill_page, k->ahead);
	return true;
}

static bool next_ahead(struct cursor *k, void *row, bool *out_found)
{
	struct cursor_ahead *a = k->ahead;
	size_t number;

	*out_found = false;
	while (!a->page || a->at == a->page->count) {
		if (!ahead_next(&a->ahead, &number)) {
			if (a->failed)
				k->c->err = a->c.err;
			return !a->failed;
		}
		a->page = &a->pages[number];
		a->at = 0;
	}
	memcpy(row, a->page->rows + a->at++ * a->size, a->size);
	*out_found = true;
	return true;
}

static void stop_ahead(struct cursor_ahead *a)
{
	ahead_stop(&a->ahead);
	for (size_t i = 0; i < AHEAD_PAGES; i++) {
		arena_release(&a->pages[i].texts);
		free(a->pages[i].rows);
	}
	free(a);
}

bool cursor_next(struct cursor *k, void *row, bool *out_found)
{
	if (k->ahead)
		return next_ahead(k, row, out_found);
	return k->walk.stmt ? next_of_walk(k, row, out_found) : next_of_page(k, row, out_found);
}

void cursor_close(struct cursor *k)
{
	if (k->ahead)
		stop_ahead(k->ahead);
	if (k->walk.stmt)
		k->db->driver->walk_end(&k->walk);
	arena_release(&k->arena);
	arena_release(&k->texts);
	*k = (struct cursor){ 0 };
}
