/* SPDX-License-Identifier: Apache-2.0 */
#include "data/csv.h"
#include "unit.h"

TEST(csv_cells_are_quoted_when_they_must_be)
{
	struct csv_out w;
	struct buf b;

	buf_init(&b, c->arena);
	csv_begin(&w, &b);
	csv_cell(&w, STR(""));
	csv_cell(&w, STR("plain"));
	csv_cell(&w, STR("a,b"));
	csv_cell(&w, STR("say \"hi\""));
	csv_cell(&w, STR("two\nlines"));
	csv_cell(&w, STR(" pad"));
	csv_row_end(&w);
	csv_cell(&w, STR("ä"));
	csv_row_end(&w);
	EQ_STR(buf_text(&b), ",plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\" pad\"\r\nä\r\n");
}

TEST(csv_texts_cannot_be_formulas_but_numbers_stay_numbers)
{
	struct csv_out w;
	struct buf b;

	buf_init(&b, c->arena);
	csv_begin(&w, &b);
	csv_cell(&w, STR("=1+1"));
	csv_cell(&w, STR("+1"));
	csv_cell(&w, STR("-1"));
	csv_cell(&w, STR("@x"));
	csv_cell(&w, STR("\tx"));
	csv_cell(&w, STR("\nx"));
	csv_cell(&w, STR("=\"a\",b"));
	csv_int(&w, -5);
	csv_money(&w, -123450, currency_find(STR("EUR")));
	csv_time(&w, 1795193100000);
	csv_time(&w, 0);
	csv_row_end(&w);
	EQ_STR(buf_text(&b), "'=1+1,'+1,'-1,'@x,'\tx,\"'\nx\",\"'=\"\"a\"\",b\",-5,-1234.50,"
	                     "2026-11-20T16:45:00.000Z,\r\n");
	EQ_STR(csv_unguard(STR("'=1+1")), "=1+1");
	EQ_STR(csv_unguard(STR("'tis")), "'tis");
	EQ_STR(csv_unguard(STR("'")), "'");
}

/* Rows as one text: line:cell|cell; */
static bool collect(struct ctx *c, void *arg, const struct csv_row *row)
{
	struct buf *b = arg;

	(void)c;
	buf_printf(b, "%zu:", row->line);
	for (size_t i = 0; i < row->count; i++)
		buf_printf(b, "%s%.*s", i ? "|" : "", STR_ARG(row->cells[i]));
	buf_puts(b, ";");
	return true;
}

static struct str read_all(struct ctx *c, struct str text)
{
	struct buf b;

	buf_init(&b, c->arena);
	OK(csv_read(c, text, collect, &b));
	return buf_text(&b);
}

TEST(csv_is_read_with_any_usual_separator)
{
	EQ_STR(read_all(c, STR("a,b\r\n1,2\r\n")), "1:a|b;2:1|2;");
	EQ_STR(read_all(c, STR("\xEF\xBB\xBF" "a;b\n1,5;2\n")), "1:a|b;2:1,5|2;");
	EQ_STR(read_all(c, STR("a\tb\n\n,\t2")), "1:a|b;3:,|2;");
	EQ_STR(read_all(c, STR("\"a\nb\nc\",\"say \"\"hi\"\"\"\nnext\n")),
	       "1:a\nb\nc|say \"hi\";4:next;");
	EQ_STR(read_all(c, STR("a,\n,b\n")), "1:a|;2:|b;");
	EQ_STR(read_all(c, STR("")), "");
}

TEST(csv_that_is_wrong_is_refused_with_its_line)
{
	struct buf b;
	struct str bad_quote = STR("a\n\"b\"c\n"), open_quote = STR("a\n\"b\n"), bytes = STR("a\n\xFF\n");

	buf_init(&b, c->arena);
	NO(csv_read(c, bad_quote, collect, &b));
	EQ(c->err.code, ERR_MALFORMED);
	OK(strstr(c->err.msg, "Line 2 ") != NULL);
	NO(csv_read(c, open_quote, collect, &b));
	OK(strstr(c->err.msg, "line 2 ") != NULL);
	NO(csv_read(c, bytes, collect, &b));
	OK(strstr(c->err.msg, "Line 2 ") != NULL);
	fail_clear(c);

	buf_init(&b, c->arena);
	for (int i = 0; i < CSV_CELLS_MAX; i++)
		buf_char(&b, ',');
	FAILS(csv_read(c, buf_text(&b), collect, &b), ERR_TOO_LARGE, "");
}

static bool stop(struct ctx *c, void *arg, const struct csv_row *row)
{
	(void)row;
	++*(int *)arg;
	return fail(c, ERR_INVALID, "x", "enough");
}

TEST(reading_csv_stops_when_a_row_is_refused)
{
	int calls = 0;

	FAILS(csv_read(c, STR("a\nb\nc\n"), stop, &calls), ERR_INVALID, "x");
	EQ(calls, 1);
}
