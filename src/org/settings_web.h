/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ORG_SETTINGS_WEB_H
#define ORG_SETTINGS_WEB_H

#include "web/page.h"

/*
 * The pages of an organisation's settings: general here, team and keys in user/, Stripe in
 * connect/.
 */

bool settings_web_show(struct ctx *c, const struct req *q, struct res *r);
bool settings_web_save(struct ctx *c, const struct req *q, struct res *r);

/* The tabs over all of these pages into the view; `here` is one's last path segment. */
void settings_web_tabs(struct page *p, const char *here);

#endif
