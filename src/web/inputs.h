/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEB_INPUTS_H
#define WEB_INPUTS_H

#include "web/page.h"

/*
 * Inputs: the fields of a form in a table, shown by the partial _inputs.html.
 *
 * A form that was refused comes back with what was typed, and the message at the field
 * that is at fault: the error's field, or its part before the first "/". The page's
 * `problem` then gets `anchor`, the id of that input.
 */

enum input_kind { INPUT_TEXT, INPUT_AREA, INPUT_SELECT, INPUT_CHECK };

struct input {
	const char *name, *label, *hint;
	enum input_kind kind;
	const char *type;          /* INPUT_TEXT: "email", "url", …; NULL: text */
	const char *const *names;  /* INPUT_SELECT: the choices */
	const char *options;       /* or: the key of [{value, text}] in the view */
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
};

/* Put them into the view as {key: {inputs: […]}}. The key also begins their ids. */
void inputs_put(struct page *p, const char *key, const struct inputs *in);

#endif
