/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAMPAIGN_TERMS_FORM_VIEW_H
#define CAMPAIGN_TERMS_FORM_VIEW_H

#include "campaign/terms_form.h"

/*
 * The terms editor's form as templates/app/_terms_form.html shows it: sections with fields and
 * rows of fields, what is wrong at each, and all that is wrong as a list of links to them.
 */

struct terms_shown {
	const struct form *form; /* its rows numbered by terms_form_step */
	const struct currency *cur; /* NULL: the form asks for it as well */
	const struct terms_problem *problems;
	size_t problem_count;
};

/* [{title, fields, rows…}] and [{href, label, message}]; the caller owns both. */
json_t *terms_form_view(struct arena *a, const struct terms_shown *t);
json_t *terms_form_problems_view(struct arena *a, const struct terms_shown *t);

/* The fields of some inputs outside of rows, by their paths up to NULL; the caller owns them. */
json_t *terms_form_view_some(struct arena *a, const struct terms_shown *t,
                             const char *const *paths);

#endif
