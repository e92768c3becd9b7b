/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WHATIF_WHATIF_WEB_H
#define WHATIF_WHATIF_WEB_H

#include "net/http.h"

/* The page of a campaign where other terms are tried on what has happened. */

bool whatif_web_show(struct ctx *c, const struct req *q, struct res *r); /* the form alone */
bool whatif_web_run(struct ctx *c, const struct req *q, struct res *r);  /* or its CSV */

#endif
