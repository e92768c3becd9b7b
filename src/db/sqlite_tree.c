/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sqlite_tree.h"

#include "base/check.h"
#include "db/sqlite_layout.h"
#include "db/sqlite_pages.h"

#include <endian.h>
#include <stdlib.h>

#define LEVELS_MAX 12
#define GAP 3                     /* pages of others that are read through rather than around */
#define PAYLOAD_MAX ((uint64_t)16 << 20)

_Static_assert(PAGES_SLACK >= RECORD_SLACK, "records are read in pages");

enum page_type { PAGE_INTERIOR = 2, PAGE_LEAF = 10 };

/* A page on the way from the root to the row at hand. */
struct level {
	const unsigned char *page;
	unsigned char *copy;      /* of a page that is not a leaf */
	uint32_t cells, header;
	uint32_t step;            /* next; between cells of an interior page are its children */
};

struct tree {
	struct pages pages;
	struct layout layout;
	int64_t org_id;
	uint32_t pages_left;      /* more than the file has are never entered */
	size_t passed;            /* rows */
	struct level levels[LEVELS_MAX];
	size_t depth;
	bool left;
	unsigned char *payload;   /* of a row that does not fit a page */
	size_t payload_room;
	unsigned char *overflow;  /* a page */
};

static uint32_t be16_at(const unsigned char *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

static uint32_t be32_at(const unsigned char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return be32toh(v);
}

static bool is_leaf(const struct level *l)
{
	return l->page[0] == PAGE_LEAF;
}

/* Where a cell begins; 0 if that cannot be. */
static uint32_t cell_at(const struct tree *t, const struct level *l, uint32_t i)
{
	uint32_t at = be16_at(l->page + l->header + 2 * i);

	return at >= l->header + 2 * l->cells && at + 4 <= t->pages.usable ? at : 0;
}

/* The page of a child; the last has no cell of its own. 0: there is none. */
static uint32_t child_at(const struct tree *t, const struct level *l, uint32_t i)
{
	uint32_t at = i < l->cells ? cell_at(t, l, i) : 8;

	return at ? be32_at(l->page + at) : 0;
}

/* How many pages to read with a child: those that follow soon, and what is between. */
static uint32_t run_from(const struct tree *t, const struct level *l, uint32_t i)
{
	uint32_t first = child_at(t, l, i), last = first;

	while (i++ < l->cells) {
		uint32_t next = child_at(t, l, i);

		if (next <= last || next - last > GAP || next - first >= PAGES_RUN)
			break;
		last = next;
	}
	return last - first + 1;
}

static void keep_copy(const struct tree *t, struct level *l)
{
	if (!l->copy)
		l->copy = malloc(t->pages.size + RECORD_SLACK);
	CHECK(l->copy != NULL);
	memcpy(l->copy, l->page, t->pages.size);
	l->page = l->copy;
}

/* Down to a page; the pages behind it are read with it. */
static bool enter(struct tree *t, uint32_t number, uint32_t run)
{
	struct level *l = &t->levels[t->depth];

	if (t->depth == LEVELS_MAX || t->pages_left-- == 0)
		return false;
	l->page = pages_find(&t->pages, number);
	if (!l->page)
		l->page = pages_read(&t->pages, number, run);
	if (!l->page || (l->page[0] != PAGE_LEAF && l->page[0] != PAGE_INTERIOR))
		return false;
	if (!is_leaf(l))
		keep_copy(t, l);
	l->header = is_leaf(l) ? 8 : 12;
	l->cells = be16_at(l->page + 3);
	l->step = 0;
	return l->header + 2 * l->cells <= t->pages.usable && (t->depth++ == 0 || l->cells > 0);
}

/* How much of a payload lies in its cell: "Cell Payload Overflow Pages", an index page. */
static size_t local_of(const struct tree *t, uint64_t n)
{
	uint64_t usable = t->pages.usable;
	uint64_t most = (usable - 12) * 64 / 255 - 23, least = (usable - 12) * 32 / 255 - 23;
	uint64_t rest = least + (n - least) % (usable - 4);

	if (n <= most)
		return (size_t)n;
	return (size_t)(rest <= most ? rest : least);
}

/* A payload: what of the record lies in the cell, and where the rest begins. */
struct payload {
	struct record local;
	uint32_t overflow;
};

static bool payload_at(const struct tree *t, const struct level *l, uint32_t i,
                       struct payload *out)
{
	size_t at = cell_at(t, l, i), usable = t->pages.usable;
	uint64_t n;

	if (at == 0)
		return false;
	at += is_leaf(l) ? 0 : 4;
	at += record_varint(l->page + at, usable - at, &n);
	if (n > PAYLOAD_MAX || at + local_of(t, n) > usable)
		return false;
	*out = (struct payload){ { l->page + at, local_of(t, n), (size_t)n }, 0 };
	at += out->local.n;
	if (out->local.n == n)
		return true;
	out->overflow = at + 4 <= usable ? be32_at(l->page + at) : 0;
	return out->overflow > 0;
}

static void make_room(struct tree *t, size_t n)
{
	if (!t->overflow)
		t->overflow = malloc(t->pages.size);
	if (n > t->payload_room) {
		free(t->payload);
		t->payload = malloc(n + RECORD_SLACK);
		t->payload_room = n;
	}
	CHECK(t->overflow != NULL && t->payload != NULL);
}

/* The whole record, in t->payload, from the cell and a list of pages. */
static bool gather(struct tree *t, const struct payload *p, struct record *out)
{
	size_t n, have = p->local.n, whole = p->local.whole;
	uint32_t page = p->overflow;

	make_room(t, whole);
	*out = (struct record){ t->payload, whole, whole };
	memcpy(t->payload, p->local.p, have);
	for (; have < whole; have += n) {
		if (!pages_copy(&t->pages, page, t->overflow))
			return false;
		n = t->pages.usable - 4;
		n = n < whole - have ? n : whole - have;
		memcpy(t->payload + have, t->overflow + 4, n);
		page = be32_at(t->overflow);
	}
	return true;
}

/* Where a row goes, if one is found. */
struct target {
	char *row;
	struct arena *texts;
	bool found;
};

static bool take_row(struct tree *t, const struct payload *p, struct target *to)
{
	const struct record_shape *shape = &t->layout.shape;
	enum record_result got = record_take(&p->local, shape, to->texts, to->row);
	struct record whole;

	if (got == RECORD_CUT && p->overflow && gather(t, p, &whole))
		got = record_take(&whole, shape, to->texts, to->row);
	return got == RECORD_TAKEN;
}

/* False where it is left to SQLite, as in step(): also a row of somebody else. */
static bool take_cell(struct tree *t, const struct level *l, uint32_t i, struct target *to)
{
	struct payload p;
	int64_t org_id;

	to->found = payload_at(t, l, i, &p) && record_first(&p.local, &org_id)
	         && org_id == t->org_id && take_row(t, &p, to);
	return to->found;
}

/* What is next on the page: a child is entered, a cell taken, the end of the page left behind. */
static bool step(struct tree *t, struct target *to)
{
	struct level *l = &t->levels[t->depth - 1];
	uint32_t at = l->step++, child;

	if (is_leaf(l) && at < l->cells)
		return take_cell(t, l, at, to);
	if (is_leaf(l) || at > 2 * l->cells) {
		t->depth--;
		return true;
	}
	if (at % 2 == 1)
		return take_cell(t, l, at / 2, to);
	child = child_at(t, l, at / 2);
	return child > 0 && enter(t, child, run_from(t, l, at / 2));
}

enum tree_result tree_next(struct tree *t, struct arena *texts, char *row)
{
	struct target to = { row, texts, false };

	while (!t->left && t->depth > 0 && !to.found)
		t->left = !step(t, &to);
	if (t->left)
		return TREE_LEFT;
	t->passed += to.found;
	return to.found ? TREE_ROW : TREE_END;
}

size_t tree_passed(struct tree *t)
{
	size_t passed = t->passed;

	t->passed = 0;
	return passed;
}

struct tree *tree_new(struct lite_conn *conn, const struct walk *w, size_t key_count,
                      int64_t org_id)
{
	struct tree *t = calloc(1, sizeof(*t));

	CHECK(t != NULL);
	t->org_id = org_id;
	if (layout_read(&t->layout, conn, w->sql->model, key_count)
	    && pages_init(&t->pages, &conn->still, &t->pages_left)
	    && enter(t, t->layout.root, 1))
		return t;
	tree_free(t);
	return NULL;
}

void tree_free(struct tree *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < LEVELS_MAX; i++)
		free(t->levels[i].copy);
	pages_release(&t->pages);
	free(t->payload);
	free(t->overflow);
	free(t);
}
