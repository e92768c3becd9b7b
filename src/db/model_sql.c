/* SPDX-License-Identifier: Apache-2.0 */
#include "db/model_sql.h"
#include "base/check.h"

#include <pthread.h>
#include <stdatomic.h>

#define SLOTS 1024 /* a power of two, at least twice the number of models */

/* Read without the lock: a slot's sql is complete before its model is stored. */
struct slot {
	_Atomic(const struct model *) model;
	struct model_sql *sql;
};

static struct {
	pthread_mutex_t lock;
	struct arena arena; /* never released: the texts live as long as the program */
	struct slot slots[SLOTS];
	size_t count;
} all = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* The slot of this model, or the empty one where it belongs. */
static struct slot *slot_of(const struct model *m)
{
	size_t i = (size_t)(((uint64_t)(uintptr_t)m * 0x9E3779B97F4A7C15u) >> 32) % SLOTS;
	const struct model *at;

	while ((at = atomic_load_explicit(&all.slots[i].model, memory_order_acquire)) && at != m)
		i = (i + 1) % SLOTS;
	return &all.slots[i];
}

bool model_sql_inserts(const struct model *m, const struct field *f)
{
	return m->control || strcmp(f->name, "org_id") != 0;
}

bool model_sql_updates(const struct model *m, const struct field *f)
{
	return model_sql_inserts(m, f) && (f->flags & IN) && !(f->flags & FIXED)
	    && strcmp(f->name, "id") != 0;
}

static void put_where(struct buf *b, const struct model *m)
{
	buf_puts(b, m->control ? " WHERE id = $1" : " WHERE org_id = $1 AND id = $2");
}

static const char *insert_text(struct arena *a, const struct model *m, bool unique)
{
	struct buf names, values;
	int number = 1;

	buf_init(&names, a);
	buf_init(&values, a);
	buf_printf(&names, "INSERT INTO %s (%s", m->name, m->control ? "" : "org_id");
	buf_puts(&values, m->control ? ") VALUES (" : ") VALUES ($1");
	number += !m->control;
	for (size_t i = 0; i < m->field_count; i++) {
		const struct field *f = &m->fields[i];

		if (!model_sql_inserts(m, f))
			continue;
		buf_printf(&names, "%s%s", number > 1 ? ", " : "", f->name);
		buf_printf(&values, "%s$%d", number > 1 ? ", " : "", number);
		number++;
	}
	buf_str(&names, buf_text(&values));
	buf_puts(&names, unique ? ") ON CONFLICT DO NOTHING" : ")");
	return buf_text(&names).p;
}

static const char *update_text(struct arena *a, const struct model *m)
{
	int first = m->control ? 2 : 3, number = first;
	struct buf b;

	buf_init(&b, a);
	buf_printf(&b, "UPDATE %s SET ", m->name);
	for (size_t i = 0; i < m->field_count; i++) {
		const struct field *f = &m->fields[i];

		if (!model_sql_updates(m, f))
			continue;
		buf_printf(&b, "%s%s = $%d", number > first ? ", " : "", f->name, number);
		number++;
	}
	put_where(&b, m);
	return number > first ? buf_text(&b).p : NULL;
}

static const char *get_text(struct arena *a, const struct model *m)
{
	struct buf b;

	buf_init(&b, a);
	buf_printf(&b, "SELECT @columns FROM %s", m->name);
	put_where(&b, m);
	return buf_text(&b).p;
}

static struct model_sql *build(struct arena *a, const struct model *m)
{
	struct model_sql *s = ARENA_NEW(a, struct model_sql);
	const struct sql base = { .model = m, .control = m->control, .global = m->control };

	for (size_t i = 0; i < m->field_count && !s->unique; i++)
		if (m->fields[i].flags & UNIQUE)
			s->unique = &m->fields[i];
	s->insert = s->update = s->get = base;
	s->insert.text = insert_text(a, m, s->unique != NULL);
	if (model_field(m, STR("id"))) {
		s->update.text = update_text(a, m);
		s->get.text = get_text(a, m);
	}
	return s;
}

const struct model_sql *model_sql(const struct model *m)
{
	struct slot *slot = slot_of(m);

	if (atomic_load_explicit(&slot->model, memory_order_acquire))
		return slot->sql;
	pthread_mutex_lock(&all.lock);
	slot = slot_of(m);
	if (!atomic_load_explicit(&slot->model, memory_order_acquire)) {
		CHECK(all.count++ < SLOTS / 2);
		slot->sql = build(&all.arena, m);
		atomic_store_explicit(&slot->model, m, memory_order_release);
	}
	pthread_mutex_unlock(&all.lock);
	return slot->sql;
}
