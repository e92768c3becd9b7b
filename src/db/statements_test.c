/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db.h"
#include "db/fixture.h"

#include <ftw.h>

/*
 * Every statement of the program can be prepared on SQLite and on PostgreSQL.
 *
 * The statements are read from the sources: what stands behind `.text =` as C
 * string literals (also through a #define of the same file), with .control and
 * .global of the same initializer. So nobody has to register anything. Texts
 * that macros with arguments put together are left to their features' tests.
 */

#define STATEMENTS_MAX 2000
#define TEXT_MAX 8192

struct found {
	struct sql sql;
	struct str file;
};

static struct {
	struct arena *arena;
	struct found list[STATEMENTS_MAX];
	size_t count;
} all;

static struct str skip_blank(struct str s)
{
	for (;;) {
		s = str_trim(s);
		if (!str_starts(s, "/*"))
			return s;
		const char *end = memmem(s.p, s.n, "*/", 2);

		s = end ? str_slice(s, (size_t)(end + 2 - s.p), s.n) : STR("");
	}
}

/* Append the literal that *s begins with; *s moves behind it. */
static void take_literal(struct str *s, struct buf *out)
{
	size_t i = 1;

	for (; i < s->n && s->p[i] != '"'; i++) {
		if (s->p[i] == '\\')
			i++;
		buf_char(out, s->p[i]);
	}
	*s = str_slice(*s, i + 1, s->n);
}

static struct str name_at(struct str s)
{
	size_t n = 0;

	while (n < s.n && (s.p[n] == '_' || (s.p[n] >= 'A' && s.p[n] <= 'Z')
	                   || (s.p[n] >= '0' && s.p[n] <= '9')))
		n++;
	return str_slice(s, 0, n);
}

/* What `#define NAME` of the file stands for, line continuations taken out. */
static struct str macro(struct arena *a, struct str source, struct str name)
{
	struct str define = arena_printf(a, "#define %.*s ", STR_ARG(name));
	const char *at = memmem(source.p, source.n, define.p, define.n);
	struct buf b;

	buf_init(&b, a);
	if (!at)
		return STR("");
	for (const char *p = at + define.n; *p && *p != '\n'; p++) {
		if (p[0] == '\\' && p[1] == '\n')
			p++;
		else
			buf_char(&b, *p);
	}
	return buf_text(&b);
}

/* The literals that follow each other from *s on. */
static struct str take_text(struct str *s, struct str source)
{
	struct buf b;

	buf_init(&b, all.arena);
	for (;;) {
		*s = skip_blank(*s);
		struct str name = name_at(*s);

		if (s->n > 0 && s->p[0] == '"') {
			take_literal(s, &b);
		} else if (name.n > 0 && name.n < s->n && s->p[name.n] == '(') {
			return STR("");
		} else if (name.n > 0) {
			struct str inner = macro(all.arena, source, name);

			buf_str(&b, take_text(&inner, source));
			*s = str_slice(*s, name.n, s->n);
		} else {
			return buf_text(&b);
		}
	}
}

static bool is_statement(struct str text)
{
	return str_starts(text, "SELECT") || str_starts(text, "INSERT")
	    || str_starts(text, "UPDATE")
	    || str_starts(text, "DELETE") || str_starts(text, "WITH");
}

static void scan(struct str file, struct str source)
{
	static const struct str mark = STR_INIT(".text =");
	static const struct field field[] = { { .name = "1" } }; /* for @columns */
	static const struct model one = MODEL("", field);
	struct str rest = source;

	for (;;) {
		const char *at = memmem(rest.p, rest.n, mark.p, mark.n);

		if (!at)
			return;
		rest = str_slice(rest, (size_t)(at - rest.p) + mark.n, rest.n);
		struct str text = take_text(&rest, source);
		size_t end = str_find(rest, '}', 0);
		struct str tail = str_slice(rest, 0, end == SIZE_MAX ? 0 : end);

		if (!is_statement(text))
			continue;
		CHECK(all.count < STATEMENTS_MAX);
		all.list[all.count++] = (struct found){
			.sql = { .text = text.p, .model = &one,
			         .control = memmem(tail.p, tail.n, ".control = true", 15) != NULL,
			         .global = memmem(tail.p, tail.n, ".global = true", 14) != NULL },
			.file = arena_str(all.arena, file),
		};
	}
}

static int visit(const char *path, const struct stat *st, int type, struct FTW *at)
{
	struct str name = str_from(path);
	FILE *f;
	char *text;

	(void)at;
	/* This layer's own run on tables of its own. */
	if (type != FTW_F || !str_ends(name, ".c") || str_ends(name, "_test.c")
	    || strstr(path, "src/db/"))
		return 0;
	f = fopen(path, "r");
	CHECK(f != NULL);
	text = arena_alloc(all.arena, (size_t)st->st_size + 1);
	size_t n = fread(text, 1, (size_t)st->st_size, f);

	fclose(f);
	scan(name, (struct str){ text, n });
	return 0;
}

static bool prepares(struct ctx *c, struct store *s, const struct sql *q)
{
	struct rows r;
	bool ok;

	if (!q->global && !strstr(q->text, "$1"))
		return false; /* a bug: any organisation's rows */
	OK(fixture_write(c, s, q->control ? 0 : 1));
	ok = db_describe(c, q, &r);
	fixture_rollback(c, s);
	fail_clear(c);
	return ok;
}

STORE_TEST(every_statement_can_be_prepared)
{
	size_t failed = 0;

	all.arena = c->arena;
	all.count = 0;
	OK(nftw(UNIT_SOURCE_DIR "/src", visit, 16, FTW_PHYS) == 0);
	OK(all.count > 50);
	for (size_t i = 0; i < all.count; i++) {
		if (prepares(c, s, &all.list[i].sql))
			continue;
		failed++;
		fprintf(stderr, "%.*s: %s\n", STR_ARG(all.list[i].file), all.list[i].sql.text);
	}
	EQ(failed, 0);
}
