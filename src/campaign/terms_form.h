/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAMPAIGN_TERMS_FORM_H
#define CAMPAIGN_TERMS_FORM_H

#include "campaign/terms_input.h"
#include "data/form.h"
#include "rules/terms.h"

#include <jansson.h>

/*
 * The terms editor's form and the terms document, each made from the other.
 *
 * A form holds one text for each input of terms_input.h. From a document and back is the same
 * document, or the document has something the form has no input for (a test of attributes, a
 * reward in another currency): terms_form_of says which, and then the document itself is what
 * people change. So nothing is ever lost on the way, but how long what is no sale is paid.
 *
 * What was typed and is no number stays in the document as the text it is; the document's reader
 * refuses it there. Empty rows are left out and the others numbered anew, so that the path of an
 * error is also the name of the input. All memory is the arena's.
 */

/*
 * The inputs of terms. *out_part is what the form cannot say: the first such member of the
 * document ("rewards"), or "".
 */
bool terms_form_of(struct ctx *c, const struct terms *t, struct form *out, struct str *out_part);

/* The document a form says. Belongs to the arena. */
json_t *terms_form_doc(struct arena *a, const struct form *f, const struct currency *cur);

/*
 * The form after a button: "add/tiers/steps", "remove/tiers/steps/0", "up/rewards/1"; anything
 * else only numbers the rows anew.
 */
struct form terms_form_step(struct arena *a, const struct form *f, struct str step);

/* How many rows a list has in the form. */
size_t terms_form_rows(const struct form *f, const struct terms_section *s);

/* "hold_days", or "tiers/steps/2/from" of a row's input. */
struct str terms_form_path(struct arena *a, const struct terms_section *s, size_t row,
                           const struct terms_input *cell);

/* What is typed: the text of an input and, of one that has two, its choice. */
struct terms_typed {
	struct str is, how;
};

struct terms_typed terms_form_typed(const struct form *f, const struct terms_input *in,
                                    struct str path);

/* Amounts as people type them: "5,000.00". */
bool terms_form_money(struct arena *a, struct str s, const struct currency *cur,
                      int64_t *out_minor);

/* Does the tiers' "from" count money? */
bool terms_form_by_money(const struct form *f);

/*
 * Does the input ask how long something is paid that is no sale? It has no renewals: it is not
 * shown, and a document has nothing of it. Of a row with nothing but a duration it is left.
 */
bool terms_form_idle(const struct form *f, const struct terms_input *in, struct str path);

/* One thing that is wrong: the path of an input, or "" for all of it. */
struct terms_problem {
	struct str path, msg;
};

#define TERMS_PROBLEMS_MAX 40

/*
 * What is wrong with a form, by the document's reader: every input that cannot be read, and the
 * first contradiction of each part. Leaves no error in c. Returns how many there are.
 */
size_t terms_form_check(struct ctx *c, const struct form *f, const struct currency *cur,
                        struct terms_problem out[TERMS_PROBLEMS_MAX]);

#endif
