/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AUDIT_AUDIT_API_H
#define AUDIT_AUDIT_API_H

#include "net/http.h"

/* GET /audit?limit&starting_after&action&target: the latest first. */
bool audit_api_list(struct ctx *c, const struct req *q, struct res *r);

#endif
