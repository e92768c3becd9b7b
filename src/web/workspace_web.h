/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEB_WORKSPACE_WEB_H
#define WEB_WORKSPACE_WEB_H

#include "net/http.h"

/*
 * GET /workspace/:id, mode SLOW: all organisations of a workspace with their figures side by side.
 * Each is read in a transaction of its own; amounts are never added across currencies.
 */
bool workspace_web_show(struct ctx *c, const struct req *q, struct res *r);

#endif
