/* SPDX-License-Identifier: Apache-2.0 */
#include "data/csv.h"
#include "base/check.h"
#include "base/clock.h"

#include <csv.h>

void csv_begin(struct csv_out *w, struct buf *b)
{
	*w = (struct csv_out){ .buf = b };
}

static void separate(struct csv_out *w)
{
	if (w->cells++ > 0)
		buf_char(w->buf, ',');
}

static bool is_formula_start(char c)
{
	return c && strchr("=+-@\t\r\n", c);
}

static bool needs_quotes(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '"' || s.p[i] == ',' || s.p[i] == '\r' || s.p[i] == '\n')
			return true;
	return s.n > 0 && (s.p[0] == ' ' || s.p[s.n - 1] == ' ');
}

void csv_cell(struct csv_out *w, struct str text)
{
	struct buf *b = w->buf;
	bool guarded = text.n > 0 && is_formula_start(text.p[0]);
	bool quoted = needs_quotes(text);

	separate(w);
	if (quoted)
		buf_char(b, '"');
	if (guarded)
		buf_char(b, '\'');
	while (quoted && text.n > 0) {
		size_t at = str_find(text, '"', 0);
		size_t n = at == SIZE_MAX ? text.n : at + 1;

		buf_put(b, text.p, n);
		if (at != SIZE_MAX)
			buf_char(b, '"');
		text = str_slice(text, n, text.n);
	}
	buf_str(b, text);
	if (quoted)
		buf_char(b, '"');
}

void csv_int(struct csv_out *w, int64_t value)
{
	separate(w);
	buf_int(w->buf, value);
}

void csv_money(struct csv_out *w, int64_t minor, const struct currency *cur)
{
	separate(w);
	buf_str(w->buf, money_plain(w->buf->arena, minor, cur));
}

void csv_time(struct csv_out *w, int64_t at_ms)
{
	char text[CLOCK_TEXT_MAX];

	separate(w);
	if (at_ms != 0)
		buf_put(w->buf, text, time_format(at_ms, text));
}

void csv_row_end(struct csv_out *w)
{
	buf_puts(w->buf, "\r\n");
	w->cells = 0;
}

struct str csv_unguard(struct str cell)
{
	bool guarded = cell.n > 1 && cell.p[0] == '\'' && is_formula_start(cell.p[1]);

	return guarded ? str_slice(cell, 1, cell.n) : cell;
}

/* What libcsv's callbacks work on. */
struct reader {
	struct ctx *c;
	csv_row_fn fn;
	void *arg;
	struct str cells[CSV_CELLS_MAX];
	struct buf text;        /* of the cells of one row, one after the other */
	size_t ends[CSV_CELLS_MAX];
	size_t count;
	size_t line, row_line;
	bool quoted;            /* the line to come continues a quoted cell */
	bool ok;
};

static void on_cell(void *data, size_t n, void *arg)
{
	struct reader *r = arg;

	if (!r->ok)
		return;
	if (r->count == CSV_CELLS_MAX)
		r->ok = fail(r->c, ERR_TOO_LARGE, NULL, "Line %zu has more than %d cells",
		             r->row_line,
		             CSV_CELLS_MAX);
	else if (n > CSV_CELL_MAX)
		r->ok = fail(r->c, ERR_TOO_LARGE, NULL, "A cell of line %zu has more than %d bytes",
		             r->row_line, CSV_CELL_MAX);
	else if (!str_is_text((struct str){ data, n }))
		r->ok = fail(r->c, ERR_MALFORMED, NULL, "Line %zu is not UTF-8 text", r->row_line);
	if (!r->ok)
		return;
	buf_put(&r->text, data, n);
	r->ends[r->count++] = r->text.n;
}

static void on_row(int end, void *arg)
{
	struct reader *r = arg;
	size_t from = 0;

	(void)end;
	if (!r->ok)
		return;
	for (size_t i = 0; i < r->count; i++) {
		r->cells[i] = (struct str){ r->text.p + from, r->ends[i] - from };
		from = r->ends[i];
	}
	struct csv_row row = { r->row_line, r->cells, r->count };

	r->ok = r->fn(r->c, r->arg, &row);
	r->count = 0;
	r->text.n = 0;
}

static unsigned char separator_of(struct str text)
{
	static const char candidates[] = ",;\t";
	size_t counts[3] = { 0 }, best = 0;

	for (size_t i = 0; i < text.n && text.p[i] != '\n' && text.p[i] != '\r'; i++)
		for (size_t k = 0; k < LEN(counts); k++)
			counts[k] += text.p[i] == candidates[k];
	for (size_t k = 1; k < LEN(counts); k++)
		if (counts[k] > counts[best])
			best = k;
	return (unsigned char)candidates[best];
}

/* Feed line by line, so that an error can name its line. */
static bool feed(struct reader *r, struct csv_parser *p, struct str text)
{
	while (text.n > 0 && r->ok) {
		size_t at = str_find(text, '\n', 0);
		size_t n = at == SIZE_MAX ? text.n : at + 1;

		r->line++;
		if (!r->quoted)
			r->row_line = r->line;
		for (size_t i = 0; i < n; i++)
			r->quoted ^= text.p[i] == '"';
		if (csv_parse(p, text.p, n, on_cell, on_row, r) != n)
			return fail(r->c, ERR_MALFORMED, NULL,
			            "Line %zu has a quote in the wrong place",
			            r->line);
		text = str_slice(text, n, text.n);
	}
	if (r->ok && csv_fini(p, on_cell, on_row, r) != 0)
		return fail(r->c, ERR_MALFORMED, NULL,
		            "A quote that begins on line %zu is never closed",
		            r->row_line);
	return r->ok;
}

bool csv_read(struct ctx *c, struct str text, csv_row_fn fn, void *arg)
{
	struct reader *r = ARENA_NEW(c->arena, struct reader);
	struct csv_parser p;

	r->c = c;
	r->fn = fn;
	r->arg = arg;
	r->ok = true;
	buf_init(&r->text, c->arena);
	if (str_starts(text, "\xEF\xBB\xBF"))
		text = str_slice(text, 3, text.n);
	if (csv_init(&p, CSV_STRICT | CSV_STRICT_FINI) != 0)
		return fail(c, ERR_INTERNAL, NULL, "The CSV reader did not start");
	csv_set_delim(&p, separator_of(text));
	bool ok = feed(r, &p, text);

	csv_free(&p);
	return ok;
}
