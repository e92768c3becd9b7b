/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_ANONYMISER_H
#define CLICK_ANONYMISER_H

#include "base/ctx.h"

/*
 * Anonymisers: networks behind which anybody may be (exits of Tor, of proxies, of data centres).
 * Their clicks are recorded, lead where they should, and are not paid for by themselves.
 *
 * Which those are changes by the day and is not ours to know: a file says it, one address or
 * network a line (base/network.h), "#" begins a comment. Tor publishes its own:
 * https://check.torproject.org/torbulkexitlist
 */

struct anonymisers;

/*
 * Read the file; NULL in *out for the path "". ERR_INVALID on "anonymisers" names the line, ERR_STORAGE
 * says that it cannot be read. Any thread may ask from then on.
 */
bool anonymisers_read(struct ctx *c, struct str path, struct anonymisers **out);
void anonymisers_free(struct anonymisers *a);

/* Is this address, as text, in one of them? What is no address is not. */
bool anonymisers_have(const struct anonymisers *a, struct str ip);

#endif
