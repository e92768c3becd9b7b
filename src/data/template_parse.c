/* SPDX-License-Identifier: Apache-2.0 */
#include "data/template_program.h"
#include "base/check.h"

/* From text to steps: one pass over the tags, with the HTML scanner fed along the way. */

#define DELIMITER_MAX 8

struct open_section {
	size_t op;
	struct html_state html;
};

struct parser {
	struct ctx *c;
	const struct template_source *src;
	struct str text;              /* all of it */
	size_t at;                    /* what is before is compiled */
	struct str open, close;       /* the delimiters */
	struct op *ops;
	size_t op_count, op_cap;
	struct open_section sections[TEMPLATE_DEPTH_MAX];
	size_t section_count;
	struct html_state html;
};

/* One tag and its surroundings. */
struct tag {
	char sigil;                   /* 0 for a plain value */
	struct str body;              /* without sigil and blanks */
	size_t begin, end;            /* with its delimiters */
	bool alone;                   /* on its line, which goes away with it */
	size_t line_begin, line_end;  /* of that line */
};

static int line_of(const struct parser *p, size_t at)
{
	int line = 1;

	for (size_t i = 0; i < at && i < p->text.n; i++)
		line += p->text.p[i] == '\n';
	return line;
}

static bool wrong(struct parser *p, size_t at, const char *what)
{
	return fail(p->c, ERR_INTERNAL, NULL, "%.*s, line %d: %s", STR_ARG(p->src->name),
	            line_of(p, at), what);
}

static struct op *op_add(struct parser *p, enum op_kind kind, size_t at)
{
	if (p->op_count == p->op_cap) {
		size_t cap = p->op_cap ? p->op_cap * 2 : 32;
		struct op *ops = ARENA_ARRAY(p->src->arena, struct op, cap);

		if (p->op_count)
			memcpy(ops, p->ops, p->op_count * sizeof(*ops));
		p->ops = ops;
		p->op_cap = cap;
	}
	struct op *op = &p->ops[p->op_count++];

	op->kind = kind;
	op->line = line_of(p, at);
	op->line_start = at == 0 || p->text.p[at - 1] == '\n';
	return op;
}

/* The literal text up to `end`. */
static bool add_text(struct parser *p, size_t end)
{
	struct str s = str_slice(p->text, p->at, end - p->at);

	if (s.n == 0)
		return true;
	const char *bad = p->src->kind == TEMPLATE_KIND_HTML ? html_scan(&p->html, s) : NULL;

	if (bad)
		return wrong(p, end, bad);
	op_add(p, OP_TEXT, p->at)->text = s;
	p->at = end;
	return true;
}

static size_t find_text(struct str s, struct str what, size_t from)
{
	for (size_t i = from; i + what.n <= s.n; i++)
		if (s.p[i] == what.p[0] && memcmp(s.p + i, what.p, what.n) == 0)
			return i;
	return SIZE_MAX;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Does the tag have a line of its own? */
static void look_around(const struct parser *p, struct tag *t)
{
	size_t begin = t->begin, end = t->end;

	while (begin > 0 && is_blank(p->text.p[begin - 1]))
		begin--;
	while (end < p->text.n && is_blank(p->text.p[end]))
		end++;
	t->alone = begin == 0 || p->text.p[begin - 1] == '\n';
	if (end + 1 < p->text.n && p->text.p[end] == '\r' && p->text.p[end + 1] == '\n')
		end++;
	t->alone &= end == p->text.n || p->text.p[end] == '\n';
	t->line_begin = begin;
	t->line_end = end < p->text.n ? end + 1 : end;
}

/* The tag that begins at `begin`. */
static bool read_tag(struct parser *p, size_t begin, struct tag *t)
{
	size_t from = begin + p->open.n;
	char sigil = from < p->text.n ? p->text.p[from] : '\0';
	char closing[DELIMITER_MAX + 2];
	size_t n = 0;

	*t = (struct tag){ .begin = begin };
	if (sigil && strchr("#^/>!=&{", sigil)) {
		t->sigil = sigil;
		from++;
	}
	if (t->sigil == '{' || t->sigil == '=')
		closing[n++] = t->sigil == '{' ? '}' : '=';
	memcpy(closing + n, p->close.p, p->close.n);
	n += p->close.n;
	size_t end = find_text(p->text, (struct str){ closing, n }, from);

	if (end == SIZE_MAX)
		return wrong(p, begin, "a tag is never closed");
	t->body = str_trim(str_slice(p->text, from, end - from));
	t->end = end + n;
	if (t->sigil && strchr("#^/>!=", t->sigil))
		look_around(p, t);
	return true;
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
	    || c == '_'
	    || c == '-';
}

static bool check_part(const struct parser *p, struct str part)
{
	if (p->src->kind == TEMPLATE_KIND_BARE)
		return part.n > 0;
	for (size_t i = 0; i < part.n; i++)
		if (!is_name_char(part.p[i]))
			return false;
	return part.n > 0;
}

/* Split a dotted name; "." has no parts. */
static bool set_name(struct parser *p, struct op *op, struct str name, size_t at)
{
	struct str rest = name;
	size_t dots = 0, n = 0;

	op->text = name;
	if (str_is(name, "."))
		return true;
	for (size_t i = 0; i < name.n; i++)
		dots += name.p[i] == '.';
	struct str *parts = ARENA_ARRAY(p->src->arena, struct str, dots + 1);

	do {
		parts[n] = str_cut(&rest, '.');
		if (!check_part(p, parts[n++]))
			return wrong(p, at,
			             "a name may have letters, digits, _ and -, and dots between");
	} while (rest.p);
	op->parts = parts;
	op->part_count = n;
	return true;
}

static bool set_filter(struct parser *p, struct op *op, struct str filter, size_t at)
{
	struct str name = str_cut(&filter, ':');

	op->filter = filter_find_row(str_trim(name));
	op->arg = str_trim(filter);
	return op->filter || wrong(p, at, "there is no such filter");
}

static bool add_value(struct parser *p, const struct tag *t)
{
	struct str filter = t->body;
	struct str name = p->src->kind == TEMPLATE_KIND_BARE ? t->body : str_cut(&filter, '|');
	bool filtered = p->src->kind != TEMPLATE_KIND_BARE && filter.p;
	struct op *op = op_add(p, OP_VALUE, t->begin);

	if (!set_name(p, op, str_trim(name), t->begin)
	    || (filtered && !set_filter(p, op, filter, t->begin)))
		return false;
	if (p->src->kind == TEMPLATE_KIND_BARE)
		op->escape = ESCAPE_HTML;
	if (p->src->kind != TEMPLATE_KIND_HTML)
		return true;
	struct str filter_name = op->filter ? str_from(op->filter->name) : (struct str){ NULL, 0 };
	const char *bad = html_value_escape(&p->html, filter_name, &op->escape);

	return !bad || wrong(p, t->begin, bad);
}

static bool add_raw(struct parser *p, const struct tag *t)
{
	if (p->src->kind == TEMPLATE_KIND_HTML && p->html.place != HTML_TEXT)
		return wrong(p, t->begin, "{{{…}}} can stand in text only");
	return set_name(p, op_add(p, OP_RAW, t->begin), t->body, t->begin);
}

static bool add_section(struct parser *p, const struct tag *t)
{
	if (p->section_count == TEMPLATE_DEPTH_MAX)
		return wrong(p, t->begin, "sections are nested too deeply");
	enum op_kind kind = t->sigil == '#' ? OP_SECTION : OP_INVERTED;

	p->sections[p->section_count++] = (struct open_section){ p->op_count, p->html };
	return set_name(p, op_add(p, kind, t->begin), t->body, t->begin);
}

static bool end_section(struct parser *p, const struct tag *t)
{
	if (p->section_count == 0)
		return wrong(p, t->begin, "a section ends that did not begin");
	const struct open_section *open = &p->sections[--p->section_count];

	if (!str_eq(p->ops[open->op].text, t->body))
		return wrong(p, t->begin, "another section ends than the last that began");
	p->ops[open->op].end = p->op_count;
	if (p->src->kind != TEMPLATE_KIND_HTML)
		return true;
	const char *bad = html_join(&p->html, &open->html);

	return !bad || wrong(p, t->begin, bad);
}

static bool add_partial(struct parser *p, const struct tag *t)
{
	struct op *op = op_add(p, OP_PARTIAL, t->begin);

	if (t->body.n == 0)
		return wrong(p, t->begin, "a partial needs a name");
	if (p->src->kind == TEMPLATE_KIND_HTML && p->html.place != HTML_TEXT)
		return wrong(p, t->begin, "a partial can stand in text only");
	op->text = t->body;
	if (t->alone)
		op->indent = str_slice(p->text, t->line_begin, t->begin - t->line_begin);
	return true;
}

static bool set_delimiters(struct parser *p, const struct tag *t)
{
	struct str close = t->body;
	struct str open = str_cut(&close, ' ');

	close = str_trim(close);
	if (open.n == 0 || open.n > DELIMITER_MAX || close.n == 0 || close.n > DELIMITER_MAX
	    || memchr(close.p, ' ', close.n) || memchr(t->body.p, '=', t->body.n))
		return wrong(p, t->begin, "delimiters are two words of at most 8 bytes");
	p->open = open;
	p->close = close;
	return true;
}

static bool add_tag(struct parser *p, const struct tag *t)
{
	bool value = t->sigil == 0 || t->sigil == '&' || t->sigil == '{';
	const char *bad = NULL;

	if (!value && p->src->kind == TEMPLATE_KIND_HTML)
		bad = html_boundary(&p->html);
	if (bad)
		return wrong(p, t->begin, bad);
	switch (t->sigil) {
	case '!': return true;
	case '=': return set_delimiters(p, t);
	case '#':
	case '^': return add_section(p, t);
	case '/': return end_section(p, t);
	case '>': return add_partial(p, t);
	case '&':
	case '{': return add_raw(p, t);
	default: return add_value(p, t);
	}
}

static bool parse_all(struct parser *p)
{
	struct tag t;

	for (;;) {
		size_t begin = find_text(p->text, p->open, p->at);

		if (begin == SIZE_MAX)
			return add_text(p, p->text.n);
		if (!read_tag(p, begin, &t) || !add_text(p, t.alone ? t.line_begin : begin)
		    || !add_tag(p, &t))
			return false;
		p->at = t.alone ? t.line_end : t.end;
	}
}

bool template_parse(struct ctx *c, const struct template_source *src, struct template *t)
{
	struct parser *p = ARENA_NEW(src->arena, struct parser);

	p->c = c;
	p->src = src;
	p->text = src->text;
	p->open = STR("{{");
	p->close = STR("}}");
	if (!str_is_text(src->text))
		return wrong(p, 0, "the text is not UTF-8");
	if (!parse_all(p))
		return false;
	if (p->section_count > 0)
		return fail(c, ERR_INTERNAL, NULL, "%.*s, line %d: the section \"%.*s\" never ends",
		            STR_ARG(src->name), p->ops[p->sections[p->section_count - 1].op].line,
		            STR_ARG(p->ops[p->sections[p->section_count - 1].op].text));
	if (src->kind == TEMPLATE_KIND_HTML && p->html.place != HTML_TEXT)
		return wrong(p, p->text.n, "the template ends inside a tag");
	*t = (struct template){ src->name, p->ops, p->op_count };
	return true;
}
