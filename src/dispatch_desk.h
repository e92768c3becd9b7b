/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DISPATCH_DESK_H
#define DISPATCH_DESK_H

#include "db/fixture.h"
#include "dispatch.h"
#include "settings.h"
#include "work/work.h"

#include <stdatomic.h>

/*
 * A server without sockets, for tests: requests go to the dispatcher, answers come back here. It
 * has organisations 1 ("one") and 2 ("two").
 */

struct desk {
	struct store *s;
	struct app app;
	struct settings settings;
	struct dispatch *d;
	struct ctx *c;
};

void desk_open(struct desk *w, struct ctx *c, struct store *s, const struct route *rows,
               size_t count);
void desk_close(struct desk *w);

struct desk_say {
	enum method method;
	const char *path, *query, *body, *type, *key, *sid, *header[2][2];
	const char *ip;
};

#define SAY(...) (&(const struct desk_say){ __VA_ARGS__ })

struct desk_heard {
	struct arena arena;
	struct req q;
	struct res r;
	struct req_header headers[12];
	_Atomic int answered;
};

void desk_send(struct desk *w, const struct desk_say *say, struct desk_heard *h);

/* Wait for the answer; then its arena has to be released. */
void desk_hear(struct desk_heard *h);

/* Send, wait, and give the status; the body in *out when wanted. */
int desk_ask(struct desk *w, const struct desk_say *say, struct str *out);

/* Send, wait, and give a header of the answer, or "". */
struct str desk_header(struct desk *w, const struct desk_say *say, const char *name);

struct desk_task {
	struct task task;
	int64_t id;
	struct str text, ips;
};

/* Run something in the lane of the control data. */
bool desk_control(struct desk *w, int64_t org_id, struct desk_task *d,
                  bool (*run)(struct ctx *c, struct task *t));

/* An API key: .id and, as .text, the key itself. */
struct desk_task desk_key(struct desk *w, int64_t org_id, const char *scopes, const char *ips);

#endif
