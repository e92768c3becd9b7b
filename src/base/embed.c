/* SPDX-License-Identifier: Apache-2.0 */
#include "base/embed.h"
#include "base/embed_table.h"

/* The first place whose name is not below s, in order of names. */
static size_t lower_bound(struct str s)
{
	size_t low = 0, high = embed_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (str_cmp(str_from(embed_table[middle].name), s) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct embed *embed_find(struct str name)
{
	size_t at = lower_bound(name);

	if (at == embed_count || !str_eq(str_from(embed_table[at].name), name))
		return NULL;
	return &embed_table[at];
}

const struct embed *embed_list(const char *prefix, size_t *out_count)
{
	size_t from = lower_bound(str_from(prefix));
	size_t to = from;

	while (to < embed_count && str_starts(str_from(embed_table[to].name), prefix))
		to++;
	*out_count = to - from;
	return &embed_table[from];
}

struct str embed_text(const struct embed *e)
{
	return (struct str){ (const char *)e->p, e->n };
}
