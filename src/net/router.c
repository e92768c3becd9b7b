/* SPDX-License-Identifier: Apache-2.0 */
#include "net/route.h"
#include "base/check.h"

/* One segment of some path; children by literal, short ones first, and at most one for any value. */
struct node {
	struct str literal;
	struct node **children;
	size_t child_count, child_cap;
	struct node *any;
	const struct route *rows[METHOD_COUNT];
	bool has_rows;
};

struct router {
	struct node root;
};

struct segments {
	struct str at[ROUTER_SEGMENTS_MAX];
	size_t count;
};

/* Most literals differ from a segment by their length already. */
static int literal_cmp(struct str a, struct str b)
{
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	return a.n ? memcmp(a.p, b.p, a.n) : 0;
}

/* Position of a literal among the children, or where it belongs. */
static size_t child_place(const struct node *n, struct str literal, bool *out_found)
{
	size_t low = 0, high = n->child_count;

	*out_found = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int d = literal_cmp(n->children[middle]->literal, literal);

		if (d == 0) {
			*out_found = true;
			return middle;
		}
		if (d < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct node *child_find(const struct node *n, struct str literal)
{
	bool found;
	size_t at = child_place(n, literal, &found);

	return found ? n->children[at] : NULL;
}

static struct node *child_add(struct arena *a, struct node *n, struct str literal)
{
	bool found;
	size_t at = child_place(n, literal, &found);

	if (found)
		return n->children[at];
	if (n->child_count == n->child_cap) {
		size_t cap = n->child_cap ? n->child_cap * 2 : 4;
		struct node **more = ARENA_ARRAY(a, struct node *, cap);

		if (n->child_count)
			memcpy(more, n->children, n->child_count * sizeof(*more));
		n->children = more;
		n->child_cap = cap;
	}
	memmove(n->children + at + 1, n->children + at,
	        (n->child_count - at) * sizeof(*n->children));
	n->child_count++;
	n->children[at] = ARENA_NEW(a, struct node);
	n->children[at]->literal = literal;
	return n->children[at];
}

static void row_add(struct arena *a, struct node *root, const struct route *row)
{
	struct str rest = str_from(row->path);
	struct node *n = root;
	size_t segments = 0, names = 0;

	CHECK(row->method < METHOD_OPTIONS && row->method != METHOD_HEAD && row->run != NULL);
	CHECK(rest.n > 0 && rest.p[0] == '/');
	rest = str_slice(rest, 1, rest.n);
	while (rest.n > 0) {
		bool last = str_find(rest, '/', 0) == SIZE_MAX;
		struct str segment = str_cut(&rest, '/');

		CHECK(segment.n > 0 && (last || rest.n > 0));
		CHECK(++segments <= ROUTER_SEGMENTS_MAX);
		if (segment.p[0] != ':') {
			n = child_add(a, n, segment);
			continue;
		}
		CHECK(segment.n > 1 && ++names <= REQ_ARGS_MAX);
		if (!n->any)
			n->any = ARENA_NEW(a, struct node);
		n = n->any;
	}
	CHECK(n->rows[row->method] == NULL);
	n->rows[row->method] = row;
	n->has_rows = true;
}

struct router *router_new(struct arena *a, const struct route *routes, size_t count)
{
	struct router *r = ARENA_NEW(a, struct router);

	for (size_t i = 0; i < count; i++)
		row_add(a, &r->root, &routes[i]);
	return r;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The decoded segment; false for what no path can mean. */
static bool segment_decode(struct arena *a, struct str s, struct str *out)
{
	if (str_find(s, '%', 0) == SIZE_MAX) {
		*out = s;
		return s.n > 0 && str_is_text(s);
	}
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '%') {
			p[n++] = s.p[i];
			continue;
		}
		if (s.n - i < 3)
			return false;
		int high = hex_digit(s.p[i + 1]), low = hex_digit(s.p[i + 2]);

		if (high < 0 || low < 0 || high * 16 + low == '/')
			return false;
		p[n++] = (char)(high * 16 + low);
		i += 2;
	}
	*out = (struct str){ p, n };
	return str_is_text(*out);
}

static bool path_split(struct req *q, struct segments *out)
{
	struct str rest = q->path;

	out->count = 0;
	if (rest.n == 0 || rest.p[0] != '/')
		return false;
	rest = str_slice(rest, 1, rest.n);
	if (rest.n == 0)
		return true;
	while (rest.p) {
		struct str segment = str_cut(&rest, '/');

		if (out->count == ROUTER_SEGMENTS_MAX
		    || !segment_decode(q->arena, segment, &out->at[out->count]))
			return false;
		out->count++;
	}
	return true;
}

/* A walk through the tree that can be taken back, segment by segment. */
struct walk {
	const struct segments *segments;
	const struct node *at[ROUTER_SEGMENTS_MAX + 1];
	int tried[ROUTER_SEGMENTS_MAX + 1]; /* 0: nothing, 1: the literal, 2: all */
	size_t depth;
};

static const struct node *walk_down(struct walk *w)
{
	const struct node *n = w->at[w->depth];
	const struct node *next = NULL;

	if (w->tried[w->depth]++ == 0)
		next = child_find(n, w->segments->at[w->depth]);
	else
		next = n->any;
	if (next) {
		w->depth++;
		w->at[w->depth] = next;
		w->tried[w->depth] = 0;
	}
	return next;
}

/* The next node that ends the path and has rows, best first; NULL when there are no more. */
static const struct node *walk_next(struct walk *w)
{
	for (;;) {
		const struct node *n = w->at[w->depth];
		bool end = w->depth == w->segments->count;

		if (end && n->has_rows && w->tried[w->depth]++ == 0)
			return n;
		if (!end && w->tried[w->depth] < 2) {
			walk_down(w);
			continue;
		}
		if (w->depth == 0)
			return NULL;
		w->depth--;
	}
}

static void args_fill(const struct walk *w, struct req *q)
{
	q->arg_count = 0;
	for (size_t i = 0; i < w->segments->count; i++) {
		if (w->at[i + 1] == w->at[i]->any)
			q->args[q->arg_count++] = w->segments->at[i];
	}
}

const struct route *router_match(const struct router *r, struct req *q, bool *out_path_known)
{
	enum method m = q->method == METHOD_HEAD ? METHOD_GET : q->method;
	struct segments s;
	struct walk w = { .segments = &s, .at = { &r->root } };
	const struct node *n;

	*out_path_known = false;
	q->route = NULL;
	q->arg_count = 0;
	if (!path_split(q, &s))
		return NULL;
	while ((n = walk_next(&w)) != NULL) {
		*out_path_known = true;
		if (m < METHOD_COUNT && n->rows[m]) {
			args_fill(&w, q);
			q->route = n->rows[m];
			return q->route;
		}
	}
	return NULL;
}

struct str router_allow(const struct router *r, struct req *q)
{
	bool allowed[METHOD_COUNT] = { false };
	struct segments s;
	struct walk w = { .segments = &s, .at = { &r->root } };
	const struct node *n;
	struct buf b;

	buf_init(&b, q->arena);
	if (!path_split(q, &s))
		return buf_text(&b);
	while ((n = walk_next(&w)) != NULL) {
		for (int m = 0; m < METHOD_COUNT; m++)
			allowed[m] |= n->rows[m] != NULL;
	}
	allowed[METHOD_HEAD] = allowed[METHOD_GET];
	for (int m = 0; m < METHOD_OPTIONS; m++)
		allowed[METHOD_OPTIONS] |= allowed[m];
	for (int m = 0; m < METHOD_COUNT; m++) {
		if (allowed[m])
			buf_printf(&b, "%s%s", b.n ? ", " : "", method_name((enum method)m));
	}
	return buf_text(&b);
}
