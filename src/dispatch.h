/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DISPATCH_H
#define DISPATCH_H

#include "app.h"
#include "net/http.h"
#include "net/route.h"

/*
 * The dispatcher: from a request to the function of its route, and back.
 *
 * On the loop thread: find the row, know who asks (from memory, or else after a
 * look into the control data), decide by the row's columns, check what forms and
 * rates demand. Then the handler runs as a task of the right kind, and the answer
 * goes out after its commit. A handler that returns false is undone, and answered
 * from base/err.def: as problem+json (RFC 9457) on API routes, as a page elsewhere.
 * Handlers never choose a status for an error and know nothing of this, nor of expanding
 * (api/expand.h), of repetitions (access/idempotency.h) and preconditions (dispatch_match.h).
 *
 * A page's POST that was refused for what is in it is answered by its row's
 * `again`, with q->form, q->problem and status 422 (409 for conflicts).
 */

struct dispatch;
struct access_log;

struct dispatch_config {
	struct app *app;
	const struct route *routes;
	size_t route_count;
	struct access_log *log; /* NULL: none */
	int64_t rate_limit; /* requests a minute for each key; 0: none */
	void (*answer)(struct req *q, struct res *r); /* instead of server_answer; tests only */
};

/* Lives in the arena. Rows that cannot work (an organisation's data without one) are a bug. */
struct dispatch *dispatch_new(struct arena *a, const struct dispatch_config *config);
void dispatch_release(struct dispatch *d);

/* For struct server_config; arg is the dispatch. */
bool dispatch_request(void *arg, struct req *q, struct res *r);
bool dispatch_is_fast(void *arg, struct req *q);
int64_t dispatch_body_limit(void *arg, const struct req *q);

struct dispatch_stats {
	int64_t slow_waiting, slow_refused, rate_refused;
};
struct dispatch_stats dispatch_stats(struct dispatch *d);

#endif
