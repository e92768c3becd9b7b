/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_STRICT_H
#define NET_STRICT_H

#include "net/http.h"

/*
 * What libmicrohttpd lets pass and RFC 9112 does not: folded and nameless
 * headers, lines that end without CR, NULs and control characters, several
 * spaces in the request line, several or contradicting lengths, several hosts.
 *
 * libmicrohttpd parses in place: it overwrites each separator and line end of
 * the read buffer with NULs and hands out pointers into it. So each piece must
 * begin exactly where the one before it ends; whatever it skipped, joined or
 * cut off leaves a gap.
 */

struct head {
	struct str method;         /* slices of the read buffer, with a NUL after each */
	struct str target;         /* only its place and length; the bytes may be changed by now */
	struct str target_text;    /* a copy of the bytes */
	struct str version;
	const struct req_header *headers; /* values with the blanks at their end */
	size_t header_count;       /* SERVER_HEADERS_MAX + 1 when there were more */
	size_t size;               /* from the method to the end of the empty line */
};

/* What the headers say about the rest of the message. */
struct framing {
	struct str host, path, query;
	int64_t body_bytes;        /* Content-Length; 0 without */
	bool chunked;
};

/* 0, or the HTTP status of the refusal; then the connection must be closed. */
int strict_check(const struct head *h, struct framing *out);

/*
 * The other way to a head: cut one that is complete off the front of the text, for
 * strict_check. False when there is none, or when it is more than a plain GET or HEAD
 * (with a body, an Expect, an Upgrade, a Connection but keep-alive, more headers than max).
 */
bool strict_cut(struct str text, struct req_header *headers, size_t max, struct head *out);

#endif
