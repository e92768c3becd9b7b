/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMMISSION_EXPLANATION_WEB_H
#define COMMISSION_EXPLANATION_WEB_H

#include "commission/commission.h"
#include "web/page.h"

/*
 * The explanation of a commission as rows for people: what was looked at, with what,
 * and what came out; also what lost, and why.
 *
 * Sets `steps` [{what, input, result, lost, hit}] and `sentence`; `holds` [text] when it
 * was held at first. Needs c->db for the terms that tiers are looked up in.
 */
bool explanation_put(struct page *p, const struct commission *m);

/* The same of what did not become a commission, into an object of the view. */
bool explanation_tell(struct page *p, struct str explanation, int64_t terms_id, json_t *into);

/* Sets `holds` to the reasons for which it is held now. */
bool explanation_put_holds(struct page *p, const struct commission *m);

/* All of them in one sentence without a full stop; "" if there are none. */
struct str explanation_holds(struct arena *a, int64_t holds);

/* One reason to hold, as people say it. */
struct str explanation_hold(struct arena *a, struct str wire);

#endif
