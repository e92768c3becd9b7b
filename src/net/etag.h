/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_ETAG_H
#define NET_ETAG_H

#include "base/str.h"

#include <stdbool.h>

/*
 * Entity tags (RFC 9110, section 8.8.3) and the lists of them that If-Match and If-None-Match
 * have (13.1.1, 13.1.2). Pure.
 *
 * A tag is a text in quotes, with W/ in front when it is weak; what is inside the quotes has no
 * escapes and may have commas. "*" alone stands for whatever there is. Elements of a list may be
 * empty, as RFC 9110 has it in 5.6.1.2, but not all of them.
 */

/* Is the text such a list? */
bool etag_list_ok(struct str list);

/*
 * Is our tag, which is strong, among those of a list that is ok? The strong comparison (8.8.3.2)
 * passes over weak ones, the weak one does not tell them apart.
 */
bool etag_list_has_strong(struct str list, struct str tag);
bool etag_list_has_weak(struct str list, struct str tag);

#endif
