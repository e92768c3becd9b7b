/* SPDX-License-Identifier: Apache-2.0 */
#ifndef USER_INVITATION_WEB_H
#define USER_INVITATION_WEB_H

#include "partner/partner.h"
#include "web/page.h"

/*
 * Invitations and links for new passwords on the pages of the operators. Whoever makes one gets
 * the link in the answer (app/once.html) and nowhere else.
 */

/* On the team's page: the form, and what is open, into the view. */
bool invitation_web_put_team(struct page *p);

/* On a partner's page, for those who may invite it: who acts for it, what is open, the form. */
bool invitation_web_put_partner(struct page *p, const struct partner *partner);

bool invitation_web_create(struct ctx *c, const struct req *q, struct res *r);
bool invitation_web_create_partner(struct ctx *c, const struct req *q, struct res *r);
bool invitation_web_renew(struct ctx *c, const struct req *q, struct res *r);
bool invitation_web_withdraw(struct ctx *c, const struct req *q, struct res *r);

/* A link for a new password of somebody of the organisation. */
bool invitation_web_reset(struct ctx *c, const struct req *q, struct res *r);

/* The whole address of a link with a token: "/invite/" or "/reset/" and the token. */
struct str invitation_web_link(struct ctx *c, const char *door, struct str token);

#endif
