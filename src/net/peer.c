/* SPDX-License-Identifier: Apache-2.0 */
#include "net/peer.h"
#include "base/check.h"
#include "base/str.h"

#include <netinet/in.h>
#include <stdlib.h>

struct peer {
	uint64_t key[2];
	int64_t count;
	struct peer *next;
};

/* False for addresses that are not counted. */
static bool key_of(const struct sockaddr *a, uint64_t key[2])
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)a;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)a;

	if (a->sa_family == AF_INET) {
		key[0] = 1;
		key[1] = v4->sin_addr.s_addr;
		return ntohl(v4->sin_addr.s_addr) >> 24 != 127;
	}
	if (a->sa_family != AF_INET6 || IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr))
		return false;
	key[0] = 2;
	memcpy(&key[1], v6->sin6_addr.s6_addr, sizeof(key[1]));
	if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
		key[0] = 1;
		key[1] = 0;
		memcpy(&key[1], v6->sin6_addr.s6_addr + 12, 4);
		return v6->sin6_addr.s6_addr[12] != 127;
	}
	return true;
}

static struct peer **place_of(struct peers *p, const uint64_t key[2])
{
	struct str bytes = { (const char *)key, 2 * sizeof(key[0]) };
	struct peer **at = &p->slots[str_hash(bytes) % PEER_SLOTS];

	while (*at && ((*at)->key[0] != key[0] || (*at)->key[1] != key[1]))
		at = &(*at)->next;
	return at;
}

bool peer_enter(struct peers *p, const struct sockaddr *a, struct peer **out)
{
	uint64_t key[2];
	struct peer **at;

	*out = NULL;
	if (!key_of(a, key))
		return true;
	at = place_of(p, key);
	if (!*at) {
		*at = calloc(1, sizeof(**at));
		CHECK(*at != NULL);
		memcpy((*at)->key, key, sizeof(key));
	}
	if ((*at)->count >= p->each_max)
		return false;
	(*at)->count++;
	*out = *at;
	return true;
}

void peer_leave(struct peers *p, struct peer *peer)
{
	if (!peer || --peer->count > 0)
		return;
	CHECK(peer->count == 0);
	*place_of(p, peer->key) = peer->next;
	free(peer);
}
