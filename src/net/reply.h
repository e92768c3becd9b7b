/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_REPLY_H
#define NET_REPLY_H

#include "net/http.h"

struct MHD_Response;

/*
 * From a struct res to what libmicrohttpd sends: adds the headers that every
 * answer has. The body stays where it is and must live until it is sent.
 */
struct MHD_Response *reply_new(const struct req *q, const struct res *r, bool close);

#endif
