/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAMPAIGN_TERMS_FIRST_H
#define CAMPAIGN_TERMS_FIRST_H

#include "campaign/terms_form.h"

/*
 * The first terms of a new campaign: the few inputs of the terms editor that most campaigns
 * need, under the same names, so that terms_form_doc makes the document of them. Everything else
 * waits for the editor.
 */

/* The paths of its inputs, up to NULL. */
extern const char *const terms_first_inputs[];

/* What the inputs hold before anybody has typed. */
extern const struct form terms_first_form;

/*
 * What is wrong with terms that were sent: ERR_INVALID on the input, "terms/reward" for "reward";
 * the first of several.
 */
bool terms_first_check(struct ctx *c, const struct form *f, const struct currency *cur);

#endif
