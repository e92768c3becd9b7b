/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEAL_DEAL_SEARCH_H
#define DEAL_DEAL_SEARCH_H

#include "deal/deal.h"

/*
 * Deals whose company has the text in its name, in any case of ASCII letters, or whose account is
 * at the domain that it is (as people type one); with the permission `personal_data` also those of
 * this address, or at its host, and of the customer with this id of the organisation's own. The
 * newest first.
 */
bool deal_search(struct ctx *c, struct str text, int64_t most, struct list *out);

extern const struct sql *const deal_search_sql[];

#endif
