/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_NETWORK_H
#define BASE_NETWORK_H

#include "base/buf.h"
#include "base/ctx.h"

/*
 * Networks of IPv4 and IPv6 addresses, and lists of them that people write.
 *
 * Inside there is one kind of address: IPv6's sixteen bytes, where IPv4 is ::ffff:a.b.c.d
 * (RFC 4291, 2.5.5.2). So an IPv4 address is the same however it is written. A network of IPv6
 * never has addresses of IPv4, not even ::/0. A single address is a network of 128 bits.
 *
 * Written, a network is an address or "address/bits" (RFC 4632, RFC 4291). Bits of the address
 * behind the prefix are refused, not dropped: 203.0.113.7/24 may mean one address or 256.
 */

#define NETWORK_LIST_MAX 20

struct network {
	unsigned char address[16];
	unsigned char bits; /* of the sixteen bytes: an IPv4 network's are 96 more than is written */
};

/* In tables: NETWORK_4(10, 0, 0, 0, 8). */
#define NETWORK_4(a, b, c, d, prefix) \
	{ { [10] = 0xff, [11] = 0xff, (a), (b), (c), (d) }, 96 + (prefix) }

/* A single address, of the usual forms only; false if it is none. */
bool network_address(struct str text, struct network *out);

/* From the four or sixteen bytes of an address as it is sent. */
struct network network_of_4(const void *bytes);
struct network network_of_6(const void *bytes);

bool network_is_4(const struct network *n);

/* Is all of `inner`, an address or a network, in `outer`? */
bool network_has(const struct network *outer, const struct network *inner);

/* The network of so many bits (of 128) that it lies in. */
struct network network_around(const struct network *n, unsigned bits);

/*
 * Append it as it is written shortest: in small letters (RFC 5952), a single address without "/".
 */
void network_put(struct buf *b, const struct network *n);

struct network_list {
	struct network at[NETWORK_LIST_MAX];
	size_t count;
};

/*
 * Networks with commas, blanks or line ends between them; none is an empty list. What is there
 * twice is kept once. ERR_INVALID on `field`: the message has the entry and what it should be.
 */
bool network_list_read(struct ctx *c, const char *field, struct str text, struct network_list *out);

/* "203.0.113.0/24,2001:db8::/32"; network_list_read gives the same list again. */
struct str network_list_text(struct arena *a, const struct network_list *list);

/* Is `inner` in one of them? */
bool network_list_has(const struct network *list, size_t count, const struct network *inner);

#endif
