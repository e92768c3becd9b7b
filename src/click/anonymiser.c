/* SPDX-License-Identifier: Apache-2.0 */
#include "click/anonymiser.h"

#include "base/check.h"
#include "base/network.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES 512

/* In the order of their addresses; none lies in another. */
struct anonymisers {
	struct network *all;
	size_t count, room;
};

static int by_address(const void *a, const void *b)
{
	const struct network *x = a, *y = b;
	int order = memcmp(x->address, y->address, sizeof(x->address));

	return order ? order : (int)x->bits - (int)y->bits;
}

/* The larger one comes first, and what lies in it right behind it. */
static void settle(struct anonymisers *a)
{
	size_t kept = 0;

	if (a->count > 0)
		qsort(a->all, a->count, sizeof(a->all[0]), by_address);
	for (size_t i = 0; i < a->count; i++)
		if (kept == 0 || !network_has(&a->all[kept - 1], &a->all[i]))
			a->all[kept++] = a->all[i];
	a->count = kept;
}

static void add(struct anonymisers *a, const struct network *n)
{
	if (a->count == a->room) {
		a->room = a->room ? 2 * a->room : 64;
		a->all = realloc(a->all, a->room * sizeof(a->all[0]));
		CHECK(a->all);
	}
	a->all[a->count++] = *n;
}

static bool take_line(struct ctx *c, struct anonymisers *a, struct str line, int64_t number)
{
	struct network_list list;
	struct str entry = str_trim(str_cut(&line, '#'));

	if (!network_list_read(c, "anonymisers", entry, &list)) {
		struct str why = arena_printf(c->arena, "%s", c->err.msg);

		fail_clear(c);
		return fail(c, ERR_INVALID, "anonymisers", "line %lld: %.*s", (long long)number,
		            STR_ARG(why));
	}
	for (size_t i = 0; i < list.count; i++)
		add(a, &list.at[i]);
	return true;
}

static bool take_file(struct ctx *c, struct anonymisers *a, FILE *f)
{
	char line[LINE_BYTES];
	bool ok = true;

	for (int64_t number = 1; ok && fgets(line, sizeof(line), f); number++)
		ok = take_line(c, a, str_from(line), number);
	return ok && (!ferror(f) || fail(c, ERR_STORAGE, "anonymisers", "cannot be read to its end"));
}

bool anonymisers_read(struct ctx *c, struct str path, struct anonymisers **out)
{
	struct anonymisers *a;
	FILE *f;
	bool ok;

	*out = NULL;
	if (path.n == 0)
		return true;
	f = fopen(arena_cstr(c->arena, path), "re");
	if (!f)
		return fail(c, ERR_STORAGE, "anonymisers", "%.*s: %s", STR_ARG(path), strerror(errno));
	a = calloc(1, sizeof(*a));
	CHECK(a);
	ok = take_file(c, a, f);
	fclose(f);
	if (!ok) {
		anonymisers_free(a);
		return false;
	}
	settle(a);
	*out = a;
	return true;
}

void anonymisers_free(struct anonymisers *a)
{
	if (a)
		free(a->all);
	free(a);
}

bool anonymisers_have(const struct anonymisers *a, struct str ip)
{
	struct network at;
	size_t from = 0, to;

	if (!a || !network_address(ip, &at))
		return false;
	to = a->count; /* the first that begins behind the address is in from … to */
	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (memcmp(a->all[middle].address, at.address, sizeof(at.address)) <= 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from > 0 && network_has(&a->all[from - 1], &at);
}
