/* SPDX-License-Identifier: Apache-2.0 */
#include "data/template_program.h"
#include "base/check.h"
#include "data/json.h"
#include "data/json_out.h"

/* Running compiled templates: contexts on a stack, output into a buf. */

#define CONTEXTS_MAX 256

struct render {
	struct ctx *c;
	struct buf *out;
	unsigned flags;
	const struct str *content;
	const struct template *template; /* for messages */
	const json_t *contexts[CONTEXTS_MAX];
	size_t context_count;
	struct str indent;               /* in front of each line of a partial */
	size_t partial_depth;
	struct buf scratch;              /* what a filter wrote */
	const json_t *parent;            /* the object that the value at hand is in */
};

static bool wrong(struct render *r, const struct op *op, const char *what)
{
	return fail(r->c, ERR_INTERNAL, NULL, "%.*s, line %d: \"%.*s\" %s",
	            STR_ARG(r->template->name),
	            op->line, STR_ARG(op->text), what);
}

static const json_t *member(const json_t *obj, struct str name)
{
	return json_is_object(obj) ? json_object_getn(obj, name.p, name.n) : NULL;
}

/* NULL when the view has no such name; below null there is null. */
static const json_t *look_up(struct render *r, const struct op *op)
{
	const json_t *value = NULL;

	if (op->part_count == 0)
		return r->contexts[r->context_count - 1];
	for (size_t i = r->context_count; i-- > 0 && !value;) {
		value = member(r->contexts[i], op->parts[0]);
		r->parent = r->contexts[i];
	}
	for (size_t i = 1; i < op->part_count && value && !json_is_null(value); i++) {
		r->parent = value;
		value = member(value, op->parts[i]);
	}
	return value;
}

const json_t *filter_find(const struct filter *f, struct str name)
{
	const struct render *r = f->scope;
	const json_t *value = member(r->parent, name);

	for (size_t i = r->context_count; i-- > 0 && !value;)
		value = member(r->contexts[i], name);
	return value;
}

static void put_escaped(struct buf *out, enum escape escape, struct str s)
{
	switch (escape) {
	case ESCAPE_NONE: buf_str(out, s); break;
	case ESCAPE_HTML: html_escape(out, s); break;
	case ESCAPE_URL: html_escape_url(out, s); break;
	case ESCAPE_PART: html_escape_part(out, s); break;
	}
}

static void put_real(struct render *r, double value)
{
	r->scratch.n = 0;
	jw_real(&r->scratch, value);
	buf_str(r->out, buf_text(&r->scratch));
}

static void put_indent(struct render *r, const struct op *op)
{
	if (r->indent.n && op->line_start)
		buf_str(r->out, r->indent);
}

static bool put_value(struct render *r, const struct op *op, const json_t *value,
                      enum escape escape)
{
	switch (json_typeof(value)) {
	case JSON_STRING: put_escaped(r->out, escape, json_text(value)); return true;
	case JSON_INTEGER: buf_int(r->out, json_integer_value(value)); return true;
	case JSON_REAL: put_real(r, json_real_value(value)); return true;
	case JSON_TRUE: buf_puts(r->out, "true"); return true;
	case JSON_FALSE: buf_puts(r->out, "false"); return true;
	case JSON_NULL: return true;
	default: break;
	}
	return !(r->flags & TEMPLATE_STRICT) || wrong(r, op, "is a list or an object, not a value");
}

static bool missing(struct render *r, const struct op *op)
{
	return !(r->flags & TEMPLATE_STRICT) || wrong(r, op, "is not in the view");
}

static bool run_filter(struct render *r, const struct op *op, const json_t *value)
{
	struct filter f = { r->c, &r->scratch, value, op->arg, r };

	r->scratch.n = 0;
	if (!op->filter->run(&f))
		return wrong(r, op, arena_cstr(r->c->arena, str_from(r->c->err.msg)));
	put_escaped(r->out, op->escape, buf_text(&r->scratch));
	return true;
}

static bool run_value(struct render *r, const struct op *op)
{
	const json_t *value = look_up(r, op);

	put_indent(r, op);
	if (!value)
		return missing(r, op);
	if (op->filter)
		return run_filter(r, op, value);
	return put_value(r, op, value, op->escape);
}

static bool run_raw(struct render *r, const struct op *op)
{
	struct str html;

	put_indent(r, op);
	if (r->content && str_is(op->text, "content")) {
		buf_str(r->out, *r->content);
		return true;
	}
	const json_t *value = look_up(r, op);

	if (!value)
		return missing(r, op);
	if (html_text(value, &html)) {
		buf_str(r->out, html);
		return true;
	}
	if (json_is_null(value))
		return true;
	if (!(r->flags & TEMPLATE_BARE))
		return wrong(r, op, "is not an html value");
	return put_value(r, op, value, ESCAPE_NONE);
}

static void run_text(struct render *r, const struct op *op)
{
	struct str rest = op->text;

	put_indent(r, op);
	while (r->indent.n && rest.n > 0) {
		size_t end = str_find(rest, '\n', 0);

		if (end == SIZE_MAX || end + 1 == rest.n)
			break;
		buf_put(r->out, rest.p, end + 1);
		buf_str(r->out, r->indent);
		rest = str_slice(rest, end + 1, rest.n);
	}
	buf_str(r->out, rest);
}

static bool is_true(const json_t *value)
{
	if (!value)
		return false;
	switch (json_typeof(value)) {
	case JSON_ARRAY: return json_array_size(value) > 0;
	case JSON_STRING: return json_string_length(value) > 0;
	case JSON_INTEGER: return json_integer_value(value) != 0;
	case JSON_NULL:
	case JSON_FALSE: return false;
	default: return true;
	}
}

static bool run_range(struct render *r, const struct template *t, size_t from, size_t to);

static bool run_with(struct render *r, const struct template *t, size_t at, const json_t *context)
{
	if (r->context_count == CONTEXTS_MAX)
		return wrong(r, &t->ops[at], "is nested too deeply");
	r->contexts[r->context_count++] = context;
	bool ok = run_range(r, t, at + 1, t->ops[at].end);

	r->context_count--;
	return ok;
}

static bool run_section(struct render *r, const struct template *t, size_t at)
{
	const json_t *value = look_up(r, &t->ops[at]);
	struct str html;

	if (!is_true(value))
		return true;
	if (!json_is_array(value) || html_text(value, &html))
		return run_with(r, t, at, value);
	for (size_t i = 0; i < json_array_size(value); i++)
		if (!run_with(r, t, at, json_array_get(value, i)))
			return false;
	return true;
}

static struct str joined(struct arena *a, struct str x, struct str y)
{
	if (x.n == 0 || y.n == 0)
		return x.n ? x : y;
	return arena_printf(a, "%.*s%.*s", STR_ARG(x), STR_ARG(y));
}

static bool run_partial(struct render *r, const struct op *op)
{
	const struct template *t = op->partial, *outer = r->template;
	struct str indent = r->indent;

	if (!t && (r->flags & TEMPLATE_BARE))
		return true;
	if (!t)
		return wrong(r, op, "does not exist");
	if (r->partial_depth == TEMPLATE_DEPTH_MAX)
		return wrong(r, op, "is nested too deeply");
	if (op->indent.p) {
		r->indent = joined(r->c->arena, indent, op->indent);
	} else {
		put_indent(r, op);
		r->indent = (struct str){ NULL, 0 };
	}
	r->partial_depth++;
	r->template = t;
	bool ok = run_range(r, t, 0, t->op_count);

	r->template = outer;
	r->partial_depth--;
	r->indent = indent;
	return ok;
}

/* One step, which may be a section; *at becomes the next. */
static bool run_op(struct render *r, const struct template *t, size_t *at)
{
	const struct op *op = &t->ops[*at];
	size_t self = (*at)++;

	switch (op->kind) {
	case OP_TEXT: run_text(r, op); return true;
	case OP_VALUE: return run_value(r, op);
	case OP_RAW: return run_raw(r, op);
	case OP_PARTIAL: return run_partial(r, op);
	case OP_SECTION: *at = op->end; return run_section(r, t, self);
	case OP_INVERTED:
		if (is_true(look_up(r, op)))
			*at = op->end;
		return true;
	}
	return true;
}

static bool run_range(struct render *r, const struct template *t, size_t from, size_t to)
{
	while (from < to)
		if (!run_op(r, t, &from))
			return false;
	return true;
}

bool template_run(struct ctx *c, const struct template_run *run)
{
	struct render *r = ARENA_NEW(c->arena, struct render);

	r->c = c;
	r->out = run->out;
	r->flags = run->flags;
	r->content = run->content;
	r->template = run->template;
	r->contexts[0] = run->view;
	r->context_count = 1;
	buf_init(&r->scratch, c->arena);
	return run_range(r, run->template, 0, run->template->op_count);
}
