/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEB_INPUTS_H
#define WEB_INPUTS_H

#include "web/page.h"

/*
 * Inputs: the fields of a form in a table, shown by the partial _inputs.html.
 *
 * A form that was refused comes back with what was typed, and the message at the field
 * that is at fault: the error's field, or its part before the first "/". The page's
 * `problem` then gets `anchor`, the id of that input. Where a page has several forms, each
 * says its action, so that only the one that was sent shows any of this. Passwords are never
 * sent back.
 */

enum input_kind { INPUT_TEXT, INPUT_AREA, INPUT_SELECT, INPUT_CHECK };

struct input {
	const char *name, *label, *hint;
	enum input_kind kind;
	const char *type;          /* INPUT_TEXT: "email", "url", …; NULL: text */
	const char *const *names;  /* INPUT_SELECT: the choices */
	/* or: the key of [{value, text}] in the view; to INPUT_TEXT it offers them while one types */
	const char *options;
	/* INPUT_SELECT: the text of the empty choice; NULL: there is none */
	const char *none;
	const char *autocomplete;
	const char *look;          /* a class: "short", "wide", "code" */
	bool required;
};

struct inputs {
	const struct input *rows;
	size_t count;
	const json_t *values; /* by name; NULL: empty. Belongs to the caller */
	struct str action;    /* below the organisation: "/links"; "": the page has no other form */
};

/* Is it this form that was refused? */
bool inputs_refused(const struct page *p, const struct inputs *in);

/* {inputs: […], refused: true where it is so}. The key begins their ids. The caller owns it. */
json_t *inputs_view(struct page *p, const char *key, const struct inputs *in);

/* The same, put into the page's view under the key. */
void inputs_put(struct page *p, const char *key, const struct inputs *in);

#endif
