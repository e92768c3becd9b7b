/* SPDX-License-Identifier: Apache-2.0 */
#include "base/network.h"
#include "base/check.h"

#include <arpa/inet.h>
#include <ctype.h>

#define BITS_4 96 /* what stands before an IPv4 address */
#define BITS_ALL 128

static const struct network all_4 = NETWORK_4(0, 0, 0, 0, 0);

struct network network_of_6(const void *bytes)
{
	struct network n = { .bits = BITS_ALL };

	memcpy(n.address, bytes, sizeof(n.address));
	return n;
}

struct network network_of_4(const void *bytes)
{
	struct network n = all_4;

	memcpy(n.address + BITS_4 / 8, bytes, 4);
	n.bits = BITS_ALL;
	return n;
}

bool network_address(struct str text, struct network *out)
{
	unsigned char bytes[16];
	char room[INET6_ADDRSTRLEN];

	if (text.n == 0 || text.n >= sizeof(room) || memchr(text.p, '\0', text.n))
		return false;
	memcpy(room, text.p, text.n);
	room[text.n] = '\0';
	if (inet_pton(AF_INET, room, bytes) == 1)
		*out = network_of_4(bytes);
	else if (inet_pton(AF_INET6, room, bytes) == 1)
		*out = network_of_6(bytes);
	else
		return false;
	return true;
}

/* Do the first `bits` bits agree? */
static bool same_start(const unsigned char *a, const unsigned char *b, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;
	unsigned mask = 0xff00u >> rest & 0xff;

	return memcmp(a, b, whole) == 0 && (rest == 0 || ((a[whole] ^ b[whole]) & mask) == 0);
}

bool network_is_4(const struct network *n)
{
	return n->bits >= BITS_4 && same_start(n->address, all_4.address, BITS_4);
}

bool network_has(const struct network *outer, const struct network *inner)
{
	return outer->bits <= inner->bits
	    && same_start(outer->address, inner->address, outer->bits)
	    && network_is_4(outer) == network_is_4(inner);
}

struct network network_around(const struct network *n, unsigned bits)
{
	struct network around = *n;

	CHECK(bits <= n->bits);
	for (unsigned i = bits; i < BITS_ALL; i++)
		around.address[i / 8] &= (unsigned char)~(0x80u >> i % 8);
	around.bits = (unsigned char)bits;
	return around;
}

void network_put(struct buf *b, const struct network *n)
{
	bool four = network_is_4(n);
	unsigned before = four ? BITS_4 : 0;
	char room[INET6_ADDRSTRLEN];

	CHECK(inet_ntop(four ? AF_INET : AF_INET6, n->address + before / 8, room, sizeof(room)));
	buf_puts(b, room);
	if (n->bits < BITS_ALL)
		buf_printf(b, "/%u", n->bits - before);
}

/* ---- Lists. */

/* As much of it as fits into a message, in whole letters. */
static struct str shown(struct str entry)
{
	struct str s = str_slice(entry, 0, 50);

	while (s.n > 0 && s.n < entry.n && ((unsigned char)entry.p[s.n] & 0xc0) == 0x80)
		s.n--;
	return s;
}

static bool refuse(struct ctx *c, const char *field, struct str entry)
{
	return fail(c, ERR_INVALID, field,
	            "\"%.*s\" is neither an address nor a network; expected is something like"
	            " 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32",
	            STR_ARG(shown(entry)));
}

static bool refuse_bits(struct ctx *c, const char *field, struct str entry,
                        const struct network *meant)
{
	struct buf b;

	buf_init(&b, c->arena);
	network_put(&b, meant);
	return fail(c, ERR_INVALID, field,
	            "\"%.*s\" is an address inside a network: write %s for the network, or the"
	            " address without the slash",
	            STR_ARG(shown(entry)), buf_text(&b).p);
}

/* The number after the slash: digits as they are counted, without zeros before them. */
static bool read_bits(struct str text, int64_t max, int64_t *out)
{
	for (size_t i = 0; i < text.n; i++)
		if (!isdigit((unsigned char)text.p[i]))
			return false;
	return (text.n == 1 || !str_starts(text, "0")) && str_to_int(text, out) && *out <= max;
}

static bool read_entry(struct ctx *c, const char *field, struct str entry, struct network *out)
{
	struct str bits = entry, address = str_cut(&bits, '/');
	int64_t count = 0, before;
	struct network meant;

	if (!network_address(address, out))
		return refuse(c, field, entry);
	if (!bits.p)
		return true;
	/* "::ffff:10.0.0.0/104" counts all bits, as its address shows them. */
	before = str_find(address, ':', 0) == SIZE_MAX ? BITS_4 : 0;
	if (!read_bits(bits, BITS_ALL - before, &count))
		return fail(c, ERR_INVALID, field,
		            "\"%.*s\" must have a whole number from 0 to %lld after the slash",
		            STR_ARG(shown(entry)), (long long)(BITS_ALL - before));
	meant = network_around(out, (unsigned)(count + before));
	out->bits = meant.bits;
	return memcmp(meant.address, out->address, sizeof(meant.address)) == 0
	    || refuse_bits(c, field, entry, &meant);
}

static bool is_between(char byte)
{
	return byte == ',' || byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* The next entry, or "" after the last one. */
static struct str next_entry(struct str *rest)
{
	struct str entry;
	size_t n = 0;

	while (rest->n > 0 && is_between(*rest->p))
		*rest = str_slice(*rest, 1, SIZE_MAX);
	while (n < rest->n && !is_between(rest->p[n]))
		n++;
	entry = str_slice(*rest, 0, n);
	*rest = str_slice(*rest, n, SIZE_MAX);
	return entry;
}

static bool is_there(const struct network_list *list, const struct network *n)
{
	for (size_t i = 0; i < list->count; i++)
		if (memcmp(&list->at[i], n, sizeof(*n)) == 0)
			return true;
	return false;
}

bool network_list_read(struct ctx *c, const char *field, struct str text, struct network_list *out)
{
	struct str rest = text, entry;
	struct network n;

	out->count = 0;
	while ((entry = next_entry(&rest)).n > 0) {
		if (!read_entry(c, field, entry, &n))
			return false;
		if (is_there(out, &n))
			continue;
		if (out->count == NETWORK_LIST_MAX)
			return fail(c, ERR_INVALID, field,
			            "There are more than %d addresses and networks",
			            NETWORK_LIST_MAX);
		out->at[out->count++] = n;
	}
	return true;
}

struct str network_list_text(struct arena *a, const struct network_list *list)
{
	struct buf b;

	buf_init(&b, a);
	for (size_t i = 0; i < list->count; i++) {
		if (i > 0)
			buf_char(&b, ',');
		network_put(&b, &list->at[i]);
	}
	return buf_text(&b);
}

bool network_list_has(const struct network *list, size_t count, const struct network *inner)
{
	for (size_t i = 0; i < count; i++)
		if (network_has(&list[i], inner))
			return true;
	return false;
}
