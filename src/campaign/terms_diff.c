/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_diff.h"

#include "base/check.h"

struct diff {
	struct str old[SENTENCES_MAX], new[SENTENCES_MAX];
	size_t old_count, new_count;
	/* the longest list of sentences that old from i and new from k have in common, in order */
	uint8_t common[SENTENCES_MAX + 1][SENTENCES_MAX + 1];
	struct terms_change *out;
	size_t count;
};

_Static_assert(SENTENCES_MAX < 256, "lengths fit into a byte");

static void measure(struct diff *d)
{
	for (size_t i = d->old_count; i-- > 0;)
		for (size_t k = d->new_count; k-- > 0;) {
			uint8_t skip_old = d->common[i + 1][k], skip_new = d->common[i][k + 1];

			if (str_eq(d->old[i], d->new[k]))
				d->common[i][k] = (uint8_t)(d->common[i + 1][k + 1] + 1);
			else
				d->common[i][k] = skip_old > skip_new ? skip_old : skip_new;
		}
}

/* Between two sentences that stay, the n-th old one becomes the n-th new one. */
static void put_gap(struct diff *d, size_t i, size_t i_end, size_t k, size_t k_end)
{
	while (i < i_end || k < k_end) {
		struct terms_change change = { STR(""), STR("") };

		if (i < i_end)
			change.before = d->old[i++];
		if (k < k_end)
			change.after = d->new[k++];
		d->out[d->count++] = change;
	}
}

static void walk(struct diff *d)
{
	size_t i = 0, k = 0, i_from = 0, k_from = 0;

	while (i < d->old_count && k < d->new_count) {
		if (str_eq(d->old[i], d->new[k])) {
			put_gap(d, i_from, i, k_from, k);
			d->out[d->count++] = (struct terms_change){ d->old[i], d->new[k] };
			i_from = ++i;
			k_from = ++k;
		} else if (d->common[i + 1][k] >= d->common[i][k + 1]) {
			i++;
		} else {
			k++;
		}
	}
	put_gap(d, i_from, d->old_count, k_from, d->new_count);
}

size_t terms_diff(struct arena *a, const struct terms *before, const struct terms *after,
                  struct terms_change out[TERMS_CHANGES_MAX])
{
	struct diff *d = ARENA_NEW(a, struct diff);

	*d = (struct diff){ .out = out };
	d->old_count = terms_doc_sentences(a, before, d->old, SENTENCES_MAX);
	d->new_count = terms_doc_sentences(a, after, d->new, SENTENCES_MAX);
	measure(d);
	walk(d);
	CHECK(d->count <= TERMS_CHANGES_MAX);
	return d->count;
}
