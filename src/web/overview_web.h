/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEB_OVERVIEW_WEB_H
#define WEB_OVERVIEW_WEB_H

#include "db/db.h"
#include "net/http.h"

/* GET /app/:org: what waits for a person, the last 30 days, who earned, what is owed. */
bool overview_web_show(struct ctx *c, const struct req *q, struct res *r);

extern const struct sql *const overview_sql[];

#endif
