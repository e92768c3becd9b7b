/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_PEER_H
#define NET_PEER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/*
 * How many connections each address has, so that one of them cannot take all
 * there are. IPv6 addresses count by their /64, which is what one customer has.
 * This machine's own addresses are not counted: a proxy may be there. One thread.
 */

struct peer;

#define PEER_SLOTS 1024

struct peers {
	struct peer *slots[PEER_SLOTS];
	int64_t each_max;
};

/* Count one more. *out is what peer_leave wants, NULL when not counted; false when full. */
bool peer_enter(struct peers *p, const struct sockaddr *a, struct peer **out);
void peer_leave(struct peers *p, struct peer *peer);

#endif
