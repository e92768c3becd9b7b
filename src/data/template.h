/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DATA_TEMPLATE_H
#define DATA_TEMPLATE_H

#include "base/ctx.h"
#include "data/html.h"

#include <jansson.h>

/*
 * Templates: Mustache with filters, compiled at start, rendered from JSON views.
 *
 *	{{name}}  {{a.b}}  {{.}}          values, escaped for where they stand
 *	{{amount|money}} {{x|money:cur}}  through a filter (table in template_filter.c)
 *	{{#list}}…{{/list}}  {{^list}}…{{/list}}  {{>partial}}  {{! comment }}  {{=<% %>=}}
 *	{{{body}}}                        an html value (data/html.h), and nothing else
 *
 * Sections are skipped for false, null, 0, "", empty lists and unknown names. Left out
 * of Mustache: lambdas, inheritance, dynamic names, and raw output of plain texts.
 *
 * .html templates are read by their context while compiling. Values may stand in text
 * and in quoted attributes; in href, src, action and the like the beginning of a URL
 * is checked for its scheme and later parts are percent-encoded. Refused: scripts and
 * styles with content, style= and on…= attributes, values in unquoted attributes, in
 * names and in comments, and sections that end elsewhere than they begin (a tag opened
 * and not closed, say). Other templates (.txt) are plain text: nothing is escaped.
 *
 * Names are paths below templates/ ("partner/list.html"). A partial is named without
 * its ending, from the same root: {{>partner/_row}}; its lines are indented like the tag.
 *
 * A set is compiled into its arena and then only read, by any thread.
 */

enum template_flags {
	TEMPLATE_STRICT = 1, /* a value that the view does not have is an error, not empty */
	/* pure Mustache: no contexts, {{{raw}}} for anything; specification tests */
	TEMPLATE_BARE = 2,
};

#define TEMPLATE_DEPTH_MAX 32 /* partials in partials, and sections in sections */

struct template_set;

/* Nothing in it yet. Everything, texts included, lives in the arena. */
struct template_set *template_set_new(struct arena *a, unsigned flags);

/* Compile one; a name that is there already is replaced. ERR_INTERNAL with template and line. */
bool template_set_add(struct ctx *c, struct template_set *s, struct str name, struct str text);

/* Add all embedded files below templates/; every partial must exist. ERR_INTERNAL as above. */
bool template_set_embedded(struct ctx *c, struct template_set *s);

/*
 * Read a directory tree instead, and again when a file changes (looked at twice a second
 * at most). A mistake in a later version is reported by the rendering functions until it is
 * mended. Versions are kept until template_set_close; meant for development.
 */
bool template_set_dir(struct ctx *c, struct template_set *s, const char *path);

/* Only needed after template_set_dir. */
void template_set_close(struct template_set *s);

bool template_exists(struct template_set *s, struct str name);

/* Append the result. ERR_INTERNAL names template and line; *out may hold a part of it then. */
bool template_render(struct ctx *c, struct template_set *s, const char *name, const json_t *view,
                     struct buf *out);

/*
 * Render the page, then the frame around it, which shows it by {{{content}}}. The frame is
 * _frame.html in the page's folder, or else the root's; both see the same view.
 */
bool template_page(struct ctx *c, struct template_set *s, const char *name, const json_t *view,
                   struct buf *out);

/* One filter: put the text for f->value to f->out; the engine escapes it. False after fail(). */
struct filter {
	struct ctx *c;
	struct buf *out;
	const json_t *value;     /* NULL: unknown name */
	struct str arg;          /* after the colon */
	const void *scope;       /* for filter_find */
};

typedef bool (*filter_fn)(struct filter *f);

struct filter_row {
	const char *name;
	filter_fn run;
};

/* The fixed table of filters; NULL for an unknown name. */
const struct filter_row *filter_find_row(struct str name);

/* A value of the innermost context that has the (undotted) name, or NULL. */
const json_t *filter_find(const struct filter *f, struct str name);

#endif
