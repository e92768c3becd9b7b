/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEBHOOK_GUARD_H
#define WEBHOOK_GUARD_H

#include "base/ctx.h"

#include <sys/socket.h>

/*
 * The guard: webhooks go where an organisation says, but not into the network of the
 * server (server-side request forgery). A name may lead anywhere at any time, so what
 * counts is the address that is connected to, looked at before anything is sent; and
 * redirections are not followed.
 *
 * Public is what the registries of IANA call globally reachable: not loopback, private,
 * link-local, shared (100.64/10), documentation, multicast, nor what only stands for an
 * IPv4 address (6to4, NAT64, Teredo); an IPv4 address written as IPv6 counts as what it is.
 */

bool guard_public(const struct sockaddr *address);

/*
 * May this be the address of an endpoint: https, a host, no name and password, no fragment;
 * with `private` also http, and hosts that are written as addresses of the own network.
 * ERR_INVALID on "url".
 */
bool guard_url(struct ctx *c, struct str url, bool private);

#endif
