/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCESS_LOG_H
#define ACCESS_LOG_H

#include "base/str.h"

/*
 * The access log: one line on standard error for each request, in the form of base/log.h.
 *
 * Whoever answers only copies a line into memory; a thread writes what has come together
 * every tenth of a second. So a reader that stalls holds up nobody: what does not fit is
 * left out, and how many lines that were is logged when there is room again.
 */

struct access_log;

struct access_line {
	struct str id;     /* of the request */
	const char *method;
	const char *route; /* the row's path, never what was asked for: that may be private */
	int status;
	int64_t us, bytes;
	int64_t org_id, key_id, user_id; /* 0: none */
};

struct access_log *access_log_start(bool json);

/* Write what is left, stop the thread, free; NULL is fine. */
void access_log_stop(struct access_log *l);

void access_log_put(struct access_log *l, const struct access_line *line);

#endif
