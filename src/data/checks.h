/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DATA_CHECKS_H
#define DATA_CHECKS_H

#include "base/arena.h"

/*
 * Checks of texts for field tables: NULL when the text will do, otherwise what
 * is wrong with it, to follow the name of the field ("is not an e-mail address").
 */

/* one @, a domain with a dot, no spaces; at most 254 bytes */
const char *check_email(struct str s);
const char *check_url(struct str s);      /* absolute, http or https, with a host */
const char *check_slug(struct str s);     /* 1 to 64 of a-z A-Z 0-9 - _ */
const char *check_country(struct str s);  /* two upper-case letters, or empty */
const char *check_currency(struct str s); /* an upper-case ISO 4217 code in use */

/* "j***@e***.com": enough to recognise one's own, not enough to write to. "" stays "". */
struct str email_mask(struct arena *a, struct str email);

/* Letters in lower case (ASCII), without white space at the ends. */
struct str email_fold(struct arena *a, struct str email);

/* Letters in upper case (ASCII). */
struct str upper_fold(struct arena *a, struct str s);

#endif
