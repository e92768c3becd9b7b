/* SPDX-License-Identifier: Apache-2.0 */
#include "web/listing.h"
#include "data/csv.h"
#include "data/json.h"
#include "data/model_json.h"

/* A list as CSV: the OUT fields that are no documents, with money as decimals. */

struct export {
	struct ctx *c;
	const struct list_spec *spec;
	struct csv_out csv;
	struct buf out;
};

static bool is_column(const struct field *f)
{
	return (f->flags & OUT) && f->as != AS_JSON && f->as != AS_METADATA;
}

static const struct currency *currency_of(const struct model *m, const void *row)
{
	const struct field *f = model_field(m, STR("currency"));

	return f && f->type == TYPE_STR ? currency_find(field_str(f, row)) : NULL;
}

static void put_cell(struct export *x, const struct field *f, const void *row, const json_t *shown)
{
	const struct currency *cur = currency_of(x->spec->model, row);
	const json_t *value = json_object_get(shown, field_key(f));

	if (json_is_integer(value) && (f->flags & MONEY_ONLY) && cur)
		csv_money(&x->csv, json_integer_value(value), cur);
	else if (json_is_integer(value))
		csv_int(&x->csv, json_integer_value(value));
	else if (json_is_boolean(value))
		csv_cell(&x->csv, json_is_true(value) ? STR("yes") : STR("no"));
	else
		csv_cell(&x->csv, json_text(value));
}

static void put_row(struct export *x, const void *row)
{
	const struct model *m = x->spec->model;
	json_t *shown = model_view(x->c, m, row);

	for (size_t i = 0; i < m->field_count; i++)
		if (is_column(&m->fields[i]))
			put_cell(x, &m->fields[i], row, shown);
	csv_row_end(&x->csv);
	json_decref(shown);
}

static void put_heading(struct export *x)
{
	const struct model *m = x->spec->model;

	for (size_t i = 0; i < m->field_count; i++)
		if (is_column(&m->fields[i]))
			csv_cell(&x->csv, str_from(field_key(&m->fields[i])));
	csv_row_end(&x->csv);
}

/* The filters of the address, then the page: a limit and where to go on. */
static struct form query_of(struct ctx *c, const struct form *in, struct form_field **out_after)
{
	struct form_field *out = ARENA_ARRAY(c->arena, struct form_field, in->count + 2);
	size_t n = 0;

	for (size_t i = 0; i < in->count; i++) {
		struct str name = in->fields[i].name;

		if (in->fields[i].value.n > 0 && !str_is(name, "limit")
		    && !str_is(name, "starting_after") && !str_is(name, "ending_before"))
			out[n++] = in->fields[i];
	}
	out[n++] = (struct form_field){ STR("limit"), STR("100") };
	*out_after = &out[n];
	return (struct form){ out, n };
}

static bool put_all(struct export *x, const struct form *in)
{
	const struct field *id = model_field(x->spec->model, STR("id"));
	struct list_page page = { .more = true };
	struct form_field *after;
	struct form query = query_of(x->c, in, &after);

	for (size_t n = 0; page.more && n < LISTING_CSV_MAX; n += page.rows.count) {
		const char *items;

		if (!list_find(x->c, &query, x->spec, (struct list_scope){ 0 }, &page))
			return false;
		items = page.rows.items;
		for (size_t i = 0; i < page.rows.count; i++)
			put_row(x, items + i * x->spec->row_size);
		if (page.rows.count == 0)
			break;
		items += (page.rows.count - 1) * x->spec->row_size;
		*after = (struct form_field){ STR("starting_after"),
			                      id_str(x->c->arena, id->id, field_int(id, items)) };
		query.count = (size_t)(after - query.fields) + 1;
	}
	return true;
}

bool listing_csv(struct ctx *c, const struct req *q, struct res *r, const struct list_spec *l,
                 const char *name)
{
	struct export x = { .c = c, .spec = l };

	buf_init(&x.out, c->arena);
	csv_begin(&x.csv, &x.out);
	put_heading(&x);
	if (!put_all(&x, &q->query))
		return false;
	res_text(r, 200, STR("text/csv; charset=utf-8"), buf_text(&x.out));
	res_header(r, "Content-Disposition",
	           arena_printf(c->arena, "attachment; filename=\"%s.csv\"", name));
	return true;
}
