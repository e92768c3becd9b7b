/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTAL_PORTAL_WEB_H
#define PORTAL_PORTAL_WEB_H

#include "partner/partner.h"
#include "web/page.h"

/*
 * The partner portal: the pages of /portal/:org, for people who act for a partner.
 *
 * A portal is a page (web/page.h) in the brand's own frame: the organisation's name, no
 * word of what runs it. The view has, besides a page's: root ("/portal/acme"), places (the
 * navigation), many (the person belongs to several organisations) and me (the partner).
 *
 * A partner sees its own rows and nothing else: lists go by their partner_column, single
 * rows by partner_visible(), and whatever belongs to others is answered as if it were not
 * there. The partner is the one that the session acts for. Who acts for several of one
 * organisation says which one in the address, /portal/acme@prt_…; without, it is the first.
 */

struct portal {
	struct page page;
	struct partner partner;
	bool has_team; /* it has recruited somebody */
};

bool portal_web_open(struct portal *o, struct ctx *c, const struct req *q, struct res *r);

/* The view then also has acts_for [{name, href, here}], empty for those who act for one alone. */

/* Render "portal/NAME.html" in the portal's frame. */
bool portal_web_show(struct portal *o, const char *template, struct str title);

/* After a form was carried out: 303 to a path below the portal, and a word of flash.c's table. */
bool portal_web_done(struct ctx *c, const struct req *q, struct res *r, struct str path,
                     const char *flash);

extern const struct sql *const portal_web_sql[];

#endif
