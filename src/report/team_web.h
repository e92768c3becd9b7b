/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_TEAM_WEB_H
#define REPORT_TEAM_WEB_H

#include "partner/partner.h"
#include "web/page.h"

/*
 * The part of a partner's page about who stands above and below it: "team" with its levels, "above"
 * with who is above now, and "moves" with all decisions about that, the newest first.
 */
bool team_web_put(struct page *p, const struct partner *partner);

#endif
