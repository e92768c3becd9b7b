/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HEALTH_H
#define HEALTH_H

#include "net/http.h"

/*
 * For those who watch the server: is it alive (no database), can it serve (one
 * query), and its counters in the text format of Prometheus.
 */

bool health_live(struct ctx *c, const struct req *q, struct res *r);    /* GET /healthz */
bool health_ready(struct ctx *c, const struct req *q, struct res *r);   /* GET /readyz */
bool health_metrics(struct ctx *c, const struct req *q, struct res *r); /* GET /metrics */

extern const struct sql *const health_sql[];

#endif
