/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_EXPLAIN_H
#define RULES_EXPLAIN_H

#include "rules/attribute.h"
#include "rules/engine.h"
#include "rules/names.h"

/*
 * Explanations: what the engine did, as stable JSON and as one plain sentence.
 *
 * The JSON is {"sentence": …, "terms": "trm_…", "steps": [{"step": …}]}. The steps applied
 * in order give the commission without knowing anything else; each carries its operands and
 * its result. The fields of each step are listed in docs/RULES.md and only ever grow.
 */

/* One earning, whether it is a commission or says why there is none. */
void explain_json(struct buf *b, const struct terms *t, const struct accrual *a, size_t earning);
void explain_sentence(struct buf *b, const struct terms *t, const struct accrual *a,
                      size_t earning);

/* An accrual in which nobody earns: the whole event's reason, or the first partner's. */
void explain_nothing_json(struct buf *b, const struct terms *t, const struct accrual *a);
void explain_nothing_sentence(struct buf *b, const struct terms *t, const struct accrual *a);

/* What reverse() was asked, and what it said. */
struct reverse_said {
	const struct terms *terms;
	const struct earned *earned;
	const struct reverse_facts *facts;
	const struct adjustment *adjustment;
	const struct currency *cur;      /* the commission's */
	const struct currency *sale_cur; /* the sale's; NULL if it has no amount */
};

/* {"sentence": "-8.25 USD: 33.00 USD of 99.00 USD was refunded …", "steps": […]} */
void explain_reverse_json(struct buf *b, const struct reverse_said *r);
void explain_reverse_sentence(struct buf *b, const struct reverse_said *r);

/*
 * {"credited": [{"partner", "link"?, "share_ppm", "signal"}], "sentence": …, "steps": […]}
 * `also` is put behind the sentence (why nobody earns, say); it may be empty.
 */
void explain_attribution_json(struct buf *b, const struct attribution *a, struct str also);

/* The same for what belongs to an enrolment without any contact; what says which event it is. */
void explain_enrolment_json(struct buf *b, const struct attribution *a, struct str what,
                            struct str also);
void explain_attribution_sentence(struct buf *b, const struct attribution *a);

#endif
