/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DATA_TEMPLATE_PROGRAM_H
#define DATA_TEMPLATE_PROGRAM_H

#include "data/template.h"

/*
 * What a template is compiled to; shared by the template_….c files, used by nobody else.
 *
 * A program is a flat list of steps. A section's step holds the index behind its
 * last step, so skipping is a jump; there are no steps for the ends of sections.
 */

enum op_kind { OP_TEXT, OP_VALUE, OP_RAW, OP_SECTION, OP_INVERTED, OP_PARTIAL };

/* How a value is written where it stands. */
enum escape { ESCAPE_NONE, ESCAPE_HTML, ESCAPE_URL, ESCAPE_PART };

struct op {
	enum op_kind kind;
	enum escape escape;      /* OP_VALUE */
	bool line_start;         /* begins a line of the template: an indent goes in front */
	int line;
	struct str text;         /* OP_TEXT: what to write; else the name as it stands in the tag */
	const struct str *parts; /* of the name; none for "." */
	size_t part_count;
	const struct filter_row *filter;
	struct str arg;
	size_t end;              /* sections: the step behind them */
	struct str indent;       /* OP_PARTIAL alone on its line */
	const struct template *partial; /* NULL until it is there */
};

struct template {
	struct str name;
	struct op *ops;
	size_t op_count;
};

/* Where in HTML the compiler is; template_html.c. */
enum html_place {
	HTML_TEXT,
	HTML_TAG_OPEN,   /* after < */
	HTML_TAG_NAME,
	HTML_END_TAG,    /* after </ */
	HTML_TAG,        /* between attributes */
	HTML_AFTER_NAME, /* as before, but a blank must come before another attribute */
	HTML_ATTR_NAME,
	HTML_BEFORE_VALUE,
	HTML_VALUE,      /* in quotes */
	HTML_UNQUOTED,
	HTML_COMMENT,
	HTML_MARKUP,     /* <!doctype …> */
	HTML_EMPTY,      /* inside <script> or <style>, which must be empty */
};

enum attr_kind { ATTR_PLAIN, ATTR_URL, ATTR_JSON, ATTR_FIXED };

#define HTML_NAME_MAX 32

struct html_state {
	enum html_place place;
	enum attr_kind attr;
	char quote;              /* HTML_VALUE: the quote that ends it */
	bool part;               /* ATTR_URL: behind the scheme and host */
	int valued;              /* attributes with a value so far */
	struct str open_name;    /* the tag at hand, as written */
	struct str word;         /* the name or scheme being read; a piece of the source */
};

/* Read literal text. Returns NULL, or what is wrong with it. */
const char *html_scan(struct html_state *s, struct str text);

/* Before a tag that is no value. NULL, or why there can be none here. */
const char *html_boundary(struct html_state *s);

/* *s at the end of a section that began with `begin`: becomes what holds after it. */
const char *html_join(struct html_state *s, const struct html_state *begin);

/* The escape for a value here. NULL, or why there can be none. */
const char *html_value_escape(struct html_state *s, struct str filter, enum escape *out);

/* What a template's name says about its text. */
enum template_kind { TEMPLATE_KIND_HTML, TEMPLATE_KIND_TEXT, TEMPLATE_KIND_BARE };

/* Compile text into *t, in the arena; both must live as long as the program. ERR_INTERNAL. */
struct template_source {
	struct arena *arena;
	struct str name, text;
	enum template_kind kind;
};
bool template_parse(struct ctx *c, const struct template_source *src, struct template *t);

/* Run it. `content`, when not NULL, is what {{{content}}} shows. */
struct template_run {
	const struct template *template;
	const json_t *view;
	const struct str *content;
	unsigned flags;
	struct buf *out;
};
bool template_run(struct ctx *c, const struct template_run *run);

#endif
