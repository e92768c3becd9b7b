/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/reach.h"

#include "base/check.h"
#include "base/digest.h"
#include "db/cursor.h"
#include "db/keyed.h"

#include <sodium.h>
#include <stdlib.h>

#define FIRST 1024

/* Pairs of key and id, added up. */
struct sum {
	uint64_t a, b;
	const uint64_t *secret;
};

struct reach {
	uint64_t secret[2];
	struct sum rows[KEYED_TABLES];
	struct digest_before before[EVENT_TYPES], customers_before;
	struct sum kept[KEYED_TABLES]; /* the other thread's */
	bool any[KEYED_TABLES];        /* this program keeps the keys */
};

static void start(struct reach *r, struct sum sums[KEYED_TABLES])
{
	for (size_t i = 0; i < KEYED_TABLES; i++)
		sums[i] = (struct sum){ .secret = r->secret };
}

struct reach *reach_new(void)
{
	struct reach *r = calloc(1, sizeof(*r));

	CHECK(r != NULL);
	randombytes_buf(r->secret, sizeof(r->secret));
	start(r, r->rows);
	start(r, r->kept);
	return r;
}

void reach_free(struct reach *r)
{
	free(r);
}

void reach_begin(struct reach *r)
{
	start(r, r->rows);
}

/* The finalizer of splitmix64, https://prng.di.unimi.it/splitmix64.c: a permutation. */
static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
	x = (x ^ x >> 27) * 0x94D049BB133111EBu;
	return x ^ x >> 31;
}

static void add(int64_t key, int64_t id, void *arg)
{
	struct sum *s = arg;
	uint64_t x = mix((uint64_t)key + s->secret[0]);

	s->a += mix(x + mix((uint64_t)id ^ s->secret[1]));
	s->b += mix((x ^ s->secret[1]) + mix((uint64_t)id + s->secret[0]));
}

/* ---- The rows. */

static void not_found(struct verify *v, enum id_kind kind, int64_t id)
{
	char text[ID_TEXT_MAX];

	verify_id(kind, id, text);
	verify_found(v, "%s: is not found by its external id", text);
}

/* One whose key another one had before it has one of the next; then it is looked for. */
static bool look_for(struct verify *v, const struct event *e)
{
	struct event found = { 0 };
	bool known = false, ok;

	ok = event_find(v->c, (enum event_type)e->type, e->external_id, &found, &known);
	if (!ok && v->c->err.code == ERR_STORAGE)
		return false;
	if (!ok)
		fail_clear(v->c);
	if (!ok || !known || found.id != e->id)
		not_found(v, ID_EVENT, e->id);
	return true;
}

bool reach_event(struct verify *v, const struct event *e)
{
	struct reach *r = v->reach;
	int64_t key;

	add(e->external_key, e->id, &r->rows[KEYED_EVENTS]);
	if (e->type < 0 || e->type >= EVENT_TYPES) {
		not_found(v, ID_EVENT, e->id);
		return true;
	}
	key = digest_key_next(&r->before[e->type], str_from(event_type_names[e->type]),
	                      e->external_id);
	return key == e->external_key || look_for(v, e);
}

void reach_customer(struct verify *v, const struct customer *cu)
{
	struct reach *r = v->reach;

	add(cu->external_key, cu->id, &r->rows[KEYED_CUSTOMERS]);
	if (digest_key_next(&r->customers_before, STR("customer"), cu->external_id)
	    != cu->external_key)
		not_found(v, ID_CUSTOMER, cu->id);
}

bool reach_read(struct verify *v)
{
	for (enum keyed_table i = 0; i < KEYED_TABLES; i++) {
		struct key_reader to = { add, &v->reach->kept[i] };

		if (!keyed_each(v->c, i, &to, &v->reach->any[i]))
			return false;
	}
	return true;
}

/* ---- Where the sums differ. */

struct pair {
	int64_t id, external_key;
};

struct pairs {
	struct pair *items;
	size_t count, room;
};

static void append(int64_t key, int64_t id, void *arg)
{
	struct pairs *p = arg;

	if (p->count == p->room) {
		p->room = p->room ? 2 * p->room : FIRST;
		p->items = realloc(p->items, p->room * sizeof(*p->items));
		CHECK(p->items != NULL);
	}
	p->items[p->count++] = (struct pair){ id, key };
}

static int compare(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (x->external_key > y->external_key) - (x->external_key < y->external_key);
}

static const struct field pair_fields[] = {
	FIELD(struct pair, id, .flags = 0),
	FIELD(struct pair, external_key, .flags = 0),
};

static const struct model event_keys = MODEL("event", pair_fields);
static const struct model customer_keys = MODEL("customer", pair_fields);

static const struct sql SQL_EVENTS = {
	.text = "SELECT @columns FROM event WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3",
	.whole = true,
	.model = &event_keys,
};

static const struct sql SQL_CUSTOMERS = {
	.text = "SELECT @columns FROM customer WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3",
	.whole = true,
	.model = &customer_keys,
};

static bool read_rows(struct ctx *c, const struct sql *q, struct pairs *out)
{
	struct pair row = { 0 };
	struct cursor rows;
	bool found = true;
	bool ok = cursor_open(&rows, c, q, 1);

	while (ok && found) {
		ok = cursor_next(&rows, &row, &found);
		if (ok && found)
			append(row.external_key, row.id, out);
	}
	cursor_close(&rows);
	return ok;
}

/* Both in order. */
static void merge(struct verify *v, enum id_kind kind, const struct pairs *rows,
                  const struct pairs *kept)
{
	size_t i = 0, k = 0;

	while (i < rows->count || k < kept->count) {
		int order = i == rows->count ? 1
		          : k == kept->count ? -1
		                             : compare(&rows->items[i], &kept->items[k]);

		if (order < 0)
			not_found(v, kind, rows->items[i].id);
		if (order > 0) {
			char id[ID_TEXT_MAX];

			verify_id(kind, kept->items[k].id, id);
			verify_found(v, "%s: is found by a key that no row has", id);
		}
		i += order <= 0;
		k += order >= 0;
	}
}

static void sort(struct pairs *p)
{
	if (p->count > 0)
		qsort(p->items, p->count, sizeof(*p->items), compare);
}

static bool name_all(struct verify *v, enum keyed_table which)
{
	static const struct {
		const struct sql *sql;
		enum id_kind kind;
	} of[KEYED_TABLES] = { { &SQL_EVENTS, ID_EVENT }, { &SQL_CUSTOMERS, ID_CUSTOMER } };
	struct pairs rows = { 0 }, kept = { 0 };
	struct key_reader to = { append, &kept };
	bool any, ok;

	ok = read_rows(v->c, of[which].sql, &rows) && keyed_each(v->c, which, &to, &any);
	sort(&rows);
	sort(&kept);
	if (ok)
		merge(v, of[which].kind, &rows, &kept);
	free(rows.items);
	free(kept.items);
	return ok;
}

bool reach_check(struct verify *v)
{
	const struct reach *r = v->reach;

	for (enum keyed_table i = 0; i < KEYED_TABLES; i++) {
		bool same = r->rows[i].a == r->kept[i].a && r->rows[i].b == r->kept[i].b;

		if (r->any[i] && !same && !name_all(v, i))
			return false;
	}
	return true;
}

const struct sql *const reach_sql[] = { &SQL_EVENTS, &SQL_CUSTOMERS, NULL };
