/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_REPLY_H
#define NET_REPLY_H

#include "net/http.h"

struct MHD_Response;

/*
 * From a struct res to what is sent: adds the headers that every answer has.
 * The body stays where it is and must live until it is sent.
 */
struct MHD_Response *reply_new(const struct req *q, const struct res *r, bool close);

/* The whole answer as text, for those who write to the socket themselves. date: see http_date. */
void reply_text(struct buf *out, const struct req *q, const struct res *r, struct str date);

#define HTTP_DATE_MAX 32

/* "Sat, 21 Nov 2026 02:20:29 GMT" */
size_t http_date(int64_t at_ms, char out[HTTP_DATE_MAX]);

#endif
