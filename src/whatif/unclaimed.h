/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WHATIF_UNCLAIMED_H
#define WHATIF_UNCLAIMED_H

#include "whatif/past.h"

/*
 * Unclaimed events: credited to nobody, which another attribution might credit. What is known of
 * them is their row, the customer and its contacts in this campaign, as they are stored.
 */

/*
 * Gather what belongs to an event of the page at hand. *out_any: it has a customer, so that
 * somebody might be credited. False with the error in p->page.
 */
bool unclaimed_recall(struct past *p, const struct event *e, struct happening *out,
                      bool *out_any);

#endif
