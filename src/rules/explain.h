/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_EXPLAIN_H
#define RULES_EXPLAIN_H

#include "rules/attribute.h"
#include "rules/engine.h"

/*
 * Explanations: what the engine did, as stable JSON and as one plain sentence.
 *
 * The JSON is {"sentence": …, "terms": "trm_…", "steps": [{"step": …, …}]}. The steps applied
 * in order give the commission without knowing anything else; each carries its operands
 * and its result. The fields of each step are listed in docs/RULES.md and only ever grow.
 */

/* One earning, whether it is a commission or says why there is none. */
void explain_json(struct buf *b, const struct terms *t, const struct accrual *a, size_t earning);
void explain_sentence(struct buf *b, const struct terms *t, const struct accrual *a,
                      size_t earning);

/* An accrual in which nobody earns. */
void explain_nothing_json(struct buf *b, const struct terms *t, const struct accrual *a);
void explain_nothing_sentence(struct buf *b, const struct terms *t, const struct accrual *a);

/* A reversal: "-8.25 USD = 24.75 USD × 33.00 of 99.00 USD refunded". cur is the commission's. */
void explain_reverse_json(struct buf *b, const struct earned *e, const struct adjustment *a,
                          const struct currency *cur, const struct currency *sale_cur);
void explain_reverse_sentence(struct buf *b, const struct earned *e, const struct adjustment *a,
                              const struct currency *cur, const struct currency *sale_cur);

/*
 * {"credited": [{"partner", "link", "share_ppm", "signal"}], "sentence": …, "steps": […]}
 * `also` is put behind the sentence (why nobody earns, say); it may be empty.
 */
void explain_attribution_json(struct buf *b, const struct attribution *a, struct str also);
void explain_attribution_sentence(struct buf *b, const struct attribution *a);

/* Names on the outside: "link", "suspended", "window_over", "tier", … */
const char *signal_name(enum signal s);
const char *trigger_name(enum trigger t);
const char *gate_name(enum gate g);
const char *rule_name(enum rule r);
const char *hold_name(unsigned bit_index);
bool trigger_find(struct str name, enum trigger *out);
bool signal_find(struct str name, enum signal *out);

#endif
