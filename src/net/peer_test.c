/* SPDX-License-Identifier: Apache-2.0 */
#include "net/peer.h"
#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>

/* Enter with an address in text form. */
static bool enter(struct peers *p, const char *text, struct peer **out)
{
	struct sockaddr_storage a = { .ss_family = strchr(text, ':') ? AF_INET6 : AF_INET };
	void *at = a.ss_family == AF_INET ? (void *)&((struct sockaddr_in *)(void *)&a)->sin_addr
	                                  : (void *)&((struct sockaddr_in6 *)(void *)&a)->sin6_addr;

	CHECK(inet_pton(a.ss_family, text, at) == 1);
	return peer_enter(p, (struct sockaddr *)(void *)&a, out);
}

TEST(an_address_has_only_so_many_connections)
{
	struct peers *p = calloc(1, sizeof(*p));
	struct peer *a, *b, *other, *none;

	p->each_max = 2;
	OK(enter(p, "192.0.2.1", &a));
	OK(enter(p, "::ffff:192.0.2.1", &b));
	OK(!enter(p, "192.0.2.1", &none));
	OK(enter(p, "192.0.2.2", &other));
	peer_leave(p, a);
	OK(enter(p, "192.0.2.1", &a));
	peer_leave(p, a);
	peer_leave(p, b);
	peer_leave(p, other);
	for (size_t i = 0; i < PEER_SLOTS; i++)
		OK(!p->slots[i]);
	free(p);
}

TEST(ipv6_counts_by_network_and_this_machine_does_not_count)
{
	struct peers *p = calloc(1, sizeof(*p));
	struct peer *a, *b, *none;

	p->each_max = 1;
	OK(enter(p, "2001:db8:1:2::1", &a));
	OK(!enter(p, "2001:db8:1:2:ffff::9", &none));
	OK(enter(p, "2001:db8:1:3::1", &b));
	peer_leave(p, a);
	peer_leave(p, b);
	for (int i = 0; i < 3; i++) {
		OK(enter(p, "127.0.0.1", &none) && !none);
		OK(enter(p, "::1", &none) && !none);
		OK(enter(p, "::ffff:127.0.0.2", &none) && !none);
	}
	free(p);
}
