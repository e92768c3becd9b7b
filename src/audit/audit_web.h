/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AUDIT_AUDIT_WEB_H
#define AUDIT_AUDIT_WEB_H

#include "net/http.h"

/* GET /app/:org/audit?target=&action=&before= */
bool audit_web_list(struct ctx *c, const struct req *q, struct res *r);

#endif
