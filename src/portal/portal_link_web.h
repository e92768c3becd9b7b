/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTAL_PORTAL_LINK_WEB_H
#define PORTAL_PORTAL_LINK_WEB_H

#include "portal/portal_terms_web.h"

/*
 * Links in the portal. A partner makes links for itself, in campaigns where it may share,
 * to pages of the campaign's own site and nowhere else.
 */

bool portal_link_list(struct ctx *c, const struct req *q, struct res *r);
bool portal_link_new(struct ctx *c, const struct req *q, struct res *r);
bool portal_link_create(struct ctx *c, const struct req *q, struct res *r);
bool portal_link_show(struct ctx *c, const struct req *q, struct res *r);

/*
 * What is needed to share and to make a link: my_link {url, qr, slug, id} of the first active
 * link, builder with the campaigns that may be shared and an example of a page.
 */
bool portal_link_share(struct portal *o);

#endif
