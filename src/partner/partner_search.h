/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARTNER_PARTNER_SEARCH_H
#define PARTNER_PARTNER_SEARCH_H

#include "partner/partner.h"

/*
 * Partners whose name has the text in it, in any case of ASCII letters, or whose own id it
 * is; with the permission `personal_data` also those of this address. By name.
 */
bool partner_search(struct ctx *c, struct str text, int64_t most, struct list *out);

/* For LOWER(name) LIKE … ESCAPE '!': has the text in it; "50%" is looked for as it stands. */
struct str partner_search_pattern(struct arena *a, struct str text);

extern const struct sql *const partner_search_sql[];

#endif
