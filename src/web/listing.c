/* SPDX-License-Identifier: Apache-2.0 */
#include "web/listing.h"
#include "base/check.h"
#include "campaign/campaign.h"
#include "campaign/campaign_api.h"
#include "data/json.h"
#include "data/json_out.h"
#include "data/model_json.h"
#include "partner/partner.h"
#include "partner/partner_api.h"
#include "web/badge.h"
#include "web/names.h"

#define CAMPAIGNS_MAX 100

/* Parameters that say which page, not which rows. */
static bool is_cursor(struct str name)
{
	return str_is(name, "starting_after") || str_is(name, "ending_before")
	    || str_is(name, "limit");
}

static struct form_field field_of(struct arena *a, const char *name, int64_t value)
{
	return (struct form_field){ str_from(name), arena_printf(a, "%lld", (long long)value) };
}

/* What the address asks for, without what selects leave empty, and with a limit. */
static struct form query_of(struct page *p)
{
	const struct form *in = &p->q->query;
	struct form_field *out = ARENA_ARRAY(p->c->arena, struct form_field, in->count + 1);
	size_t n = 0;

	for (size_t i = 0; i < in->count; i++)
		if (in->fields[i].value.n > 0 && !str_is(in->fields[i].name, "limit"))
			out[n++] = in->fields[i];
	out[n++] = field_of(p->c->arena, "limit", LISTING_ROWS);
	return (struct form){ out, n };
}

static void put_pair(struct buf *b, const char *name, struct str value)
{
	buf_char(b, b->n == 0 ? '?' : '&');
	form_put(b, name, value);
}

/*
 * The address of this list with one parameter changed (value "" leaves it out), from its first
 * page.
 */
static struct str address(struct page *p, const char *name, struct str value)
{
	const struct form *in = &p->q->query;
	struct buf b;

	buf_init(&b, p->c->arena);
	for (size_t i = 0; i < in->count; i++)
		if (in->fields[i].value.n > 0 && !is_cursor(in->fields[i].name)
		    && !str_is(in->fields[i].name, name))
			put_pair(&b, arena_cstr(p->c->arena, in->fields[i].name),
			         in->fields[i].value);
	if (value.n > 0)
		put_pair(&b, name, value);
	return arena_printf(p->c->arena, "%.*s%.*s", STR_ARG(p->q->path), STR_ARG(buf_text(&b)));
}

static struct str row_id(struct page *p, const struct listing *l, const void *items, size_t i)
{
	const struct field *f = model_field(l->spec->model, STR("id"));

	return id_str(p->c->arena, f->id,
	              field_int(f, (const char *)items + i * l->spec->row_size));
}

static void put_pages(struct page *p, json_t *view, const struct listing *l,
                      const struct list_page *page)
{
	bool back = form_has(&p->q->query, "ending_before");
	bool forth = form_has(&p->q->query, "starting_after");
	size_t n = page->rows.count;
	bool next = n > 0 && (back || page->more), previous = n > 0 && (back ? page->more : forth);
	const void *items = page->rows.items;

	json_set_str(view, "next", next ? address(p, "starting_after", row_id(p, l, items, n - 1))
	                                : STR(""));
	json_set_str(view, "previous",
	             previous ? address(p, "ending_before", row_id(p, l, items, 0)) : STR(""));
	json_set_bool(view, "pages", next || previous);
}

/* The row as the list of the API shows it, with what the list adds. */
static bool row_view(struct page *p, const struct list_spec *l, const void *row, json_t **out)
{
	struct buf b;

	buf_init(&b, p->c->arena);
	jw_object(&b);
	jw_key_str(&b, "object", str_from(l->model->name));
	model_json_members(&b, p->c, l->model, row);
	if (l->more && !l->more(p->c, row, &b))
		return false;
	jw_object_end(&b);
	*out = json_loadb(b.p, b.n, 0, NULL);
	CHECK(*out);
	badge_put(*out);
	return true;
}

static bool put_rows(struct page *p, json_t *view, const struct listing *l,
                     const struct list_page *page)
{
	json_t *rows = json_array(), *o;

	json_object_set_new(view, "rows", rows);
	json_set_bool(view, "any", page->rows.count > 0);
	for (size_t i = 0; i < page->rows.count; i++) {
		const void *row = (const char *)page->rows.items + i * l->spec->row_size;

		if (!row_view(p, l->spec, row, &o))
			return false;
		json_array_append_new(rows, o);
		if (l->row && !l->row(p, row, o))
			return false;
	}
	return names_put(p, rows);
}

static json_t *option(struct str value, struct str text, struct str now)
{
	json_t *o = json_object();

	json_set_str(o, "value", value);
	json_set_str(o, "text", text);
	json_set_bool(o, "selected", str_eq(value, now));
	return o;
}

bool listing_campaigns(struct page *p, struct str selected, json_t **out)
{
	struct form_field limit = field_of(p->c->arena, "limit", CAMPAIGNS_MAX);
	struct form query = { &limit, 1 };
	struct list_page page;

	if (!list_find(p->c, &query, &campaign_list_spec, (struct list_scope){ 0 }, &page))
		return false;
	*out = json_array();
	for (size_t i = 0; i < page.rows.count; i++) {
		const struct campaign *m = (const struct campaign *)page.rows.items + i;

		json_array_append_new(*out, option(id_str(p->c->arena, ID_CAMPAIGN, m->id), m->name,
		                                   selected));
	}
	return true;
}

bool listing_partners(struct page *p)
{
	struct form_field limit = field_of(p->c->arena, "limit", LIST_LIMIT_MAX);
	struct form query = { &limit, 1 };
	json_t *list = json_array();
	struct list_page page;

	json_object_set_new(p->view, "partners", list);
	if (!list_find(p->c, &query, &partner_list_spec, (struct list_scope){ 0 }, &page))
		return false;
	for (size_t i = 0; i < page.rows.count; i++) {
		const struct partner *x = (const struct partner *)page.rows.items + i;

		json_array_append_new(list, option(id_str(p->c->arena, ID_PARTNER, x->id), x->name,
		                                   STR("")));
	}
	return true;
}

/* "in_payout" as "In payout", or the word of the noun's badge. */
static struct str choice_text(struct page *p, const struct listing_choice *ch, const char *name)
{
	json_t *badge = ch->noun ? badge_view(str_from(ch->noun), str_from(name)) : NULL;
	struct str text = arena_str(p->c->arena, badge ? json_text(json_object_get(badge, "text"))
	                                               : str_from(name));
	char *s = (char *)(uintptr_t)text.p;

	json_decref(badge);
	for (size_t i = 0; i < text.n; i++)
		s[i] = s[i] == '_' ? ' ' : s[i];
	if (text.n > 0 && s[0] >= 'a' && s[0] <= 'z')
		s[0] = (char)(s[0] - 'a' + 'A');
	return text;
}

static bool choice_options(struct page *p, const struct listing_choice *ch, json_t **out)
{
	struct str now = form_get(&p->q->query, ch->param);

	if (!ch->names)
		return listing_campaigns(p, now, out);
	*out = json_array();
	for (size_t i = 0; ch->names[i]; i++)
		json_array_append_new(*out, option(str_from(ch->names[i]),
		                                   ch->words ? str_from(ch->words[i])
		                                             : choice_text(p, ch, ch->names[i]),
		                                   now));
	return true;
}

/* The first choice as links, "All" before them. */
static void put_tabs(struct page *p, json_t *view, const struct listing_choice *ch, json_t *options)
{
	struct str now = form_get(&p->q->query, ch->param);
	json_t *tabs = json_array(), *all = option(STR(""), STR("All"), now);
	json_t *o;
	size_t i;

	json_array_append_new(tabs, all);
	json_array_extend(tabs, options);
	json_array_foreach(tabs, i, o)
		json_set_str(o, "href", address(p, ch->param, json_text(json_object_get(o, "value"))));
	json_object_set_new(view, "tabs", tabs);
}

static bool put_choices(struct page *p, json_t *view, const struct listing *l)
{
	size_t first_is_tabs = l->choice_count > 0 && l->choices[0].names;
	json_t *choices = json_array(), *options = NULL;

	json_object_set_new(view, "choices", choices);
	json_set_bool(view, "choose", l->when || l->choice_count > first_is_tabs);
	for (size_t i = 0; i < l->choice_count; i++) {
		const struct listing_choice *ch = &l->choices[i];

		if (!choice_options(p, ch, &options))
			return false;
		if (i == 0 && ch->names) {
			put_tabs(p, view, ch, options);
			json_decref(options);
			continue;
		}
		json_array_append_new(choices,
		                      json_pack("{s:s, s:s, s:o}", "param", ch->param, "label",
		                                         ch->label, "options", options));
	}
	return true;
}

static bool is_choice(const struct listing *l, struct str name)
{
	for (size_t i = 0; i < l->choice_count; i++)
		if (str_is(name, l->choices[i].param))
			return true;
	return false;
}

static bool is_range(const struct listing *l, struct str name)
{
	struct str rest = name;

	return l->when && str_is(str_cut(&rest, '.'), l->when);
}

/* The range of days as two inputs. */
static void put_when(struct page *p, json_t *view, const struct listing *l)
{
	static const char *const how[][2] = { { "gte", "From" }, { "lt", "Before" } };
	json_t *list = json_array();

	json_object_set_new(view, "when", list);
	for (size_t i = 0; l->when && i < LEN(how); i++) {
		struct str param = arena_printf(p->c->arena, "%s.%s", l->when, how[i][0]);
		json_t *o = json_object();

		json_set_str(o, "param", param);
		json_set_str(o, "label", str_from(how[i][1]));
		json_set_str(o, "value", form_get(&p->q->query, param.p));
		json_array_append_new(list, o);
	}
}

static json_t *pair(struct page *p, const struct form_field *f)
{
	json_t *o = json_object();

	json_set_str(o, "name", f->name);
	json_set_str(o, "value", f->value);
	json_set_str(o, "without", address(p, arena_cstr(p->c->arena, f->name), STR("")));
	return o;
}

/* A filter on an id says whose it is: "Partner: Ann". */
static bool put_chip(struct page *p, json_t *chips, const struct form_field *f)
{
	static const char *const names[] = { "partner_name", "parent_name", "campaign_name",
		                             "customer_name", "link_slug" };
	char *key = arena_cstr(p->c->arena, f->name);
	json_t *o = pair(p, f);

	json_array_append_new(chips, o);
	json_set_str(o, "text", f->value);
	json_set_str(o, key, f->value);
	if (!names_put(p, o))
		return false;
	for (size_t i = 0; i < LEN(names); i++)
		if (json_object_get(o, names[i]))
			json_set_str(o, "text", json_text(json_object_get(o, names[i])));
	return true;
}

/*
 * What the form of selects does not show itself travels with it as hidden inputs; of that, what the
 * tabs do not show either is a chip.
 */
static bool put_filters(struct page *p, json_t *view, const struct listing *l)
{
	const struct form *in = &p->q->query;
	json_t *kept = json_array(), *chips = json_array();
	bool filtered = false, tabs = l->choice_count > 0 && l->choices[0].names;

	json_object_set_new(view, "kept", kept);
	json_object_set_new(view, "chips", chips);
	for (size_t i = 0; i < in->count; i++) {
		struct str name = in->fields[i].name;
		bool tab = tabs && str_is(name, l->choices[0].param);

		if (in->fields[i].value.n == 0 || is_cursor(name))
			continue;
		filtered = true;
		if (is_range(l, name) || (is_choice(l, name) && !tab))
			continue;
		json_array_append_new(kept, pair(p, &in->fields[i]));
		if (!tab && !put_chip(p, chips, &in->fields[i]))
			return false;
	}
	json_set_bool(view, "filtered", filtered);
	json_set_str(view, "path", p->q->path);
	put_when(p, view, l);
	return true;
}

/* "/app/acme/commissions.csv?status=held": this very view as a file. */
static void put_file(struct page *p, json_t *view)
{
	struct str full = address(p, "", STR("")), path = p->q->path;

	json_set_str(view, "csv", arena_printf(p->c->arena, "%.*s.csv%.*s", STR_ARG(path),
	                                       STR_ARG(str_slice(full, path.n, full.n))));
}

bool listing_put(struct page *p, const char *key, const struct listing *l)
{
	struct form query = query_of(p);
	json_t *view = json_object();
	struct list_page page;

	json_object_set_new(p->view, key, view);
	put_file(p, view);
	if (!put_filters(p, view, l) || !list_find(p->c, &query, l->spec, l->scope, &page))
		return false;
	put_pages(p, view, l, &page);
	json_set_bool(view, "tools",
	              page.rows.count > 0 || json_is_true(json_object_get(view, "filtered")));
	return put_rows(p, view, l, &page)
	    && put_choices(p, view, l);
}

bool listing_some(struct page *p, const char *key, const struct listing *l, int64_t most)
{
	struct form_field limit = field_of(p->c->arena, "limit", most);
	json_t *view = json_object();
	struct list_page page;

	json_object_set_new(p->view, key, view);
	if (!list_find(p->c, &(struct form){ &limit, 1 }, l->spec, l->scope, &page))
		return false;
	json_set_bool(view, "more", page.more);
	return put_rows(p, view, l, &page);
}
