/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_TARGET_H
#define CLICK_TARGET_H

#include "base/arena.h"
#include "base/ctx.h"

/*
 * Targets: the addresses visitors are sent to.
 *
 * Work is split so that a click costs little: target_prepare() checks an address and
 * merges UTM defaults once, when a link is made or loaded; target_build() only joins
 * pieces. Both keep the order and the encoding of what is there, and a fragment stays last.
 */

#define TARGET_VALUE_MAX 256 /* bytes as sent; longer values of an incoming link are ignored */

enum utm_field { UTM_SOURCE, UTM_MEDIUM, UTM_CAMPAIGN, UTM_TERM, UTM_CONTENT, UTM_COUNT };

/* Decoded values; "" is none. */
struct utm {
	struct str of[UTM_COUNT];
};

/*
 * Check an absolute http or https address and add the UTM parameters it does not have itself.
 * A click_id parameter is taken out; bytes that do not belong into an address are encoded, and
 * hosts beyond ASCII become punycode. ERR_INVALID on field when it is no such address, has a user
 * name in it, or gets longer than LINK_URL_MAX.
 */
bool target_prepare(struct ctx *c, const char *field, struct str url, const struct utm *utm,
                    struct str *out);

/*
 * The address of one click: the prepared address; utm_… and sub of the incoming query in place of
 * its own; click_id last (or none, if ""). Safe to put into a header, whatever the query is.
 */
struct str target_build(struct arena *a, struct str prepared, struct str query,
			struct str click_id);

/* What a click remembers of its query, decoded: "source\tmedium\tcampaign" (or ""), and sub. */
struct str target_utm(struct arena *a, struct str query);
struct str target_sub(struct arena *a, struct str query);

/* The host of an address or Referer, lower case, without port; "" if there is none. */
struct str target_host(struct arena *a, struct str url);

#endif
