/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEB_HOME_WEB_H
#define WEB_HOME_WEB_H

#include "net/http.h"

/* GET /: on to the place of whoever asks; a page that says so for those who belong nowhere. */
bool home_web(struct ctx *c, const struct req *q, struct res *r);

#endif
