/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARTNER_PARTNER_PEEK_H
#define PARTNER_PARTNER_PEEK_H

#include "partner/partner.h"

/*
 * A look at a partner from where only the control data is at hand: in a short transaction of its
 * own. *out_found is false for one that is not of that organisation.
 */
bool partner_peek(struct ctx *c, int64_t org_id, int64_t partner_id, struct partner *out,
                  bool *out_found);

#endif
