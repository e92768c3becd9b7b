/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_says.h"

#include "campaign/terms_diff.h"
#include "data/json.h"

json_t *terms_says(struct arena *a, const struct terms *t)
{
	struct str says[SENTENCES_MAX];
	size_t n = terms_doc_sentences(a, t, says, SENTENCES_MAX);
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_from_str(says[i]));
	return list;
}

static bool same_document(struct arena *a, const struct terms *x, const struct terms *y)
{
	struct buf b, d;

	buf_init(&b, a);
	buf_init(&d, a);
	terms_doc_print(&b, x);
	terms_doc_print(&d, y);
	return str_eq(buf_text(&b), buf_text(&d));
}

json_t *terms_says_changes(struct arena *a, const struct terms *before, const struct terms *after)
{
	struct terms_change *all = ARENA_ARRAY(a, struct terms_change, TERMS_CHANGES_MAX);
	size_t n = terms_diff(a, before, after, all), changed = 0;
	json_t *view = json_object(), *changes = json_array(), *stays = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *change;

		if (str_eq(all[i].before, all[i].after)) {
			json_array_append_new(stays, json_from_str(all[i].after));
			continue;
		}
		change = json_object();
		json_set_str(change, "was", all[i].before);
		json_set_str(change, "now", all[i].after);
		json_array_append_new(changes, change);
		changed++;
	}
	json_object_set_new(view, "changes", changes);
	json_object_set_new(view, "stays", stays);
	json_set_int(view, "count", (int64_t)changed);
	json_set_bool(view, "one", changed == 1);
	json_set_bool(view, "any", changed > 0 || !same_document(a, before, after));
	json_set_bool(view, "silent", changed == 0 && !same_document(a, before, after));
	return view;
}
