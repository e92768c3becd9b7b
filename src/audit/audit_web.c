/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit_web.h"
#include "audit/audit.h"
#include "base/check.h"
#include "data/form.h"
#include "data/json.h"
#include "data/json_out.h"
#include "data/model_json.h"
#include "web/page.h"
#include "web/say.h"

#define ROWS 50
#define SHOWN 3 /* changes of more values are folded */

/* Each changed field as {field, before, after}, in texts. */
static struct str value_text(struct page *p, const json_t *value)
{
	struct buf b;

	if (!value || json_is_null(value))
		return STR("–");
	if (json_is_string(value))
		return json_text(value);
	buf_init(&b, p->c->arena);
	jw_json(&b, value);
	return buf_text(&b);
}

/* What is not, and never was, is no news. */
static bool is_news(const char *key, const json_t *before, const json_t *after)
{
	return strcmp(key, "id") != 0 && strcmp(key, "created_at") != 0 && !json_is_null(after)
	    && (before || !json_is_false(after));
}

static void put_changes(struct page *p, json_t *view)
{
	json_t *change = json_object_get(view, "change");
	const json_t *before = json_object_get(change, "before");
	json_t *after = json_object_get(change, "after"), *value;
	json_t *list = json_array();
	const char *key;

	json_object_set_new(view, "changes", list);
	if (!before && !after)
		after = change; /* only what it has become was written down */
	json_object_foreach(after, key, value) {
		json_t *o;

		if (!is_news(key, json_object_get(before, key), value))
			continue;
		o = json_object();
		json_set_str(o, "field", say_words(p->c->arena, str_from(key)));
		json_set_bool(o, "had", json_object_get(before, key) != NULL);
		json_set_str(o, "before", value_text(p, json_object_get(before, key)));
		json_set_str(o, "after", value_text(p, value));
		json_array_append_new(list, o);
	}
	json_set_int(view, "many", json_array_size(list) > SHOWN ? (int64_t)json_array_size(list) : 0);
}

static void put_row(struct page *p, json_t *list, const struct audit *a)
{
	struct str verb = a->action, noun = str_cut(&verb, '.');
	json_t *o = model_view(p->c, &audit_model, a);

	json_set_str(o, "noun", say_words(p->c->arena, noun));
	json_set_str(o, "verb", say_action(p->c->arena, verb));
	json_set_str(o, "href", say_href(p, a->target));
	json_set_bool(o, "by_key", a->actor_kind == ACTOR_KEY);
	put_changes(p, o);
	json_array_append_new(list, o);
}

static bool read_filter(struct ctx *c, const struct req *q, struct audit_filter *f)
{
	*f = (struct audit_filter){ .limit = ROWS + 1 };
	return form_get_id(c, &q->query, "before", MAY_ID(ID_AUDIT), &f->before)
	    && form_get_str(c, &q->query, "target", MAY(1, 80), &f->target)
	    && form_get_str(c, &q->query, "action", MAY(1, 80), &f->action)
	    && form_get_id(c, &q->query, "request_id", MAY_ID(ID_REQUEST), &f->request_id);
}

static struct str older(struct page *p, const struct audit_filter *f, int64_t last)
{
	struct buf b;

	buf_init(&b, p->c->arena);
	form_put(&b, "before", id_str(p->c->arena, ID_AUDIT, last));
	if (f->target.n)
		form_put(&b, "target", f->target);
	if (f->action.n)
		form_put(&b, "action", f->action);
	if (f->request_id)
		form_put(&b, "request_id", id_str(p->c->arena, ID_REQUEST, f->request_id));
	return arena_printf(p->c->arena, "%.*s?%.*s", STR_ARG(p->q->path), STR_ARG(buf_text(&b)));
}

bool audit_web_list(struct ctx *c, const struct req *q, struct res *r)
{
	json_t *list = json_array();
	struct audit_filter f;
	struct list rows;
	struct page p;
	size_t n;

	if (!page_open(&p, c, q, r) || !read_filter(c, q, &f) || !audit_list(c, &f, &rows)) {
		json_decref(list);
		return false;
	}
	n = rows.count > ROWS ? ROWS : rows.count;
	json_object_set_new(p.view, "rows", list);
	for (size_t i = 0; i < n; i++)
		put_row(&p, list, (const struct audit *)rows.items + i);
	json_set_str(p.view, "target", f.target);
	json_set_str(p.view, "action", f.action);
	json_set_id(p.view, "request", ID_REQUEST, f.request_id);
	json_set_bool(p.view, "filtered", f.target.n || f.action.n || f.request_id);
	json_set_str(p.view, "older",
	             rows.count > ROWS
	                     ? older(&p, &f, ((const struct audit *)rows.items)[ROWS - 1].id)
	                     : STR(""));
	return page_show(&p, "app/audit.html", STR("Audit log"));
}
