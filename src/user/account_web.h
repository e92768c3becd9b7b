/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_ACCOUNT_WEB_H
#define USER_ACCOUNT_WEB_H

#include "web/page.h"

/*
 * A person's own account: name, password, and where they are signed in. The page /account is for
 * everybody who is signed in; partners have the same in their portal, so each handler serves two
 * routes, "/account/…" and "/portal/:org/account/…", and leads back to where it came from.
 *
 * A new password asks for the present one and ends all other sessions. Wrong ones count as at
 * signing in.
 */

bool account_web_show(struct ctx *c, const struct req *q, struct res *r);
bool account_web_name(struct ctx *c, const struct req *q, struct res *r);
bool account_web_password(struct ctx *c, const struct req *q, struct res *r); /* mode SLOW */
bool account_web_end(struct ctx *c, const struct req *q, struct res *r);
bool account_web_end_others(struct ctx *c, const struct req *q, struct res *r);

/* What the partial _account.html shows, into the view. */
bool account_web_put(struct page *p);

#endif
