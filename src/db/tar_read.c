/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "db/tar_file.h"

#include <errno.h>
#include <stdlib.h>

static bool damaged(struct ctx *c)
{
	return fail(c, ERR_INVALID, NULL, "The backup is damaged or incomplete");
}

void tar_note_sum(struct tar *t)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char hex[crypto_hash_sha256_BYTES * 2 + 1];

	crypto_hash_sha256_final(&t->hash, hash);
	if (strcmp(t->name, TAR_CHECKSUMS) == 0)
		return;
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	buf_printf(&t->sums, "%s  %s\n", hex, t->name);
}

struct tar *tar_open(struct ctx *c, struct str path)
{
	struct tar *t = calloc(1, sizeof(*t));

	CHECK(t != NULL);
	arena_init(&t->arena);
	buf_init(&t->sums, &t->arena);
	t->path = arena_cstr(&t->arena, path);
	t->f = fopen(t->path, "rbe");
	if (t->f)
		return t;
	fail(c, ERR_NOT_FOUND, NULL, "The backup %s cannot be opened: %s", t->path,
	     strerror(errno));
	tar_free(t);
	return NULL;
}

bool tar_rewind(struct ctx *c, struct tar *t)
{
	t->in_entry = false;
	t->left = t->padding = 0;
	return fseeko(t->f, 0, SEEK_SET) == 0 || damaged(c);
}

static uint64_t number(const char *field, size_t n)
{
	uint64_t value = 0;

	if ((unsigned char)field[0] == 0x80) {
		for (size_t i = 1; i < n; i++)
			value = value << 8 | (unsigned char)field[i];
		return value;
	}
	for (size_t i = 0; i < n && field[i] >= '0' && field[i] <= '7'; i++)
		value = value << 3 | (uint64_t)(field[i] - '0');
	return value;
}

static bool header_is_sound(const struct tar_header *h)
{
	struct tar_header blank = *h;
	uint64_t sum = 0;

	memset(blank.checksum, ' ', sizeof(blank.checksum));
	for (size_t i = 0; i < sizeof(blank); i++)
		sum += ((const unsigned char *)&blank)[i];
	return memcmp(h->magic, "ustar", 5) == 0 && number(h->checksum, sizeof(h->checksum)) == sum
	    && memchr(h->name, '\0', sizeof(h->name)) != NULL && (h->type == '0' || h->type == '5')
	    && number(h->size, sizeof(h->size)) <= INT64_MAX;
}

static bool is_zero(const struct tar_header *h)
{
	for (size_t i = 0; i < sizeof(*h); i++)
		if (((const unsigned char *)h)[i] != 0)
			return false;
	return true;
}

/* Read the entry to its end, for its hash. */
static bool finish_entry(struct ctx *c, struct tar *t)
{
	char chunk[4096];
	size_t n = 1;

	while (n > 0)
		if (!tar_read(c, t, chunk, sizeof(chunk), &n))
			return false;
	if (t->padding > 0 && fread(chunk, 1, t->padding, t->f) != t->padding)
		return damaged(c);
	t->in_entry = false;
	return true;
}

bool tar_next(struct ctx *c, struct tar *t, struct tar_entry *out, bool *out_more)
{
	struct tar_header h;

	if (t->in_entry && !finish_entry(c, t))
		return false;
	if (fread(&h, 1, sizeof(h), t->f) != sizeof(h))
		return damaged(c);
	*out_more = !is_zero(&h);
	if (!*out_more)
		return true;
	if (!header_is_sound(&h))
		return damaged(c);
	memcpy(t->name, h.name, sizeof(t->name));
	t->size = t->left = h.type == '5' ? 0 : number(h.size, sizeof(h.size));
	t->padding = (TAR_BLOCK - t->size % TAR_BLOCK) % TAR_BLOCK;
	t->in_entry = true;
	crypto_hash_sha256_init(&t->hash);
	memcpy(out->name, t->name, sizeof(out->name));
	out->size = (int64_t)t->size;
	out->folder = h.type == '5';
	return true;
}

bool tar_read(struct ctx *c, struct tar *t, void *p, size_t n, size_t *out_n)
{
	size_t want = n < t->left ? n : (size_t)t->left;

	if (fread(p, 1, want, t->f) != want)
		return damaged(c);
	crypto_hash_sha256_update(&t->hash, p, want);
	t->left -= want;
	*out_n = want;
	return true;
}

bool tar_line(struct ctx *c, struct tar *t, struct str *out, bool *out_more)
{
	ssize_t n;

	*out_more = t->left > 0;
	if (t->left == 0)
		return true;
	n = getline(&t->line, &t->line_room, t->f);
	if (n <= 0 || (uint64_t)n > t->left || t->line[n - 1] != '\n')
		return damaged(c);
	t->left -= (uint64_t)n;
	crypto_hash_sha256_update(&t->hash, (const unsigned char *)t->line, (size_t)n);
	*out = (struct str){ t->line, (size_t)n - 1 };
	return true;
}

/* The text of `checksums` itself, which must say what was found before it. */
static bool compare_sums(struct ctx *c, struct tar *t)
{
	struct str want = buf_text(&t->sums);
	char *got;
	size_t n;

	if (t->size != want.n)
		return damaged(c);
	got = arena_alloc(c->arena, want.n + 1);
	return tar_read(c, t, got, want.n, &n) && (memcmp(got, want.p, want.n) == 0 || damaged(c));
}

bool tar_verify(struct ctx *c, struct tar *t)
{
	struct tar_entry e;
	bool more, summed = false;

	t->sums.n = 0;
	for (;;) {
		if (!tar_next(c, t, &e, &more))
			return false;
		if (!more)
			break;
		if (summed)
			return damaged(c);
		if (strcmp(e.name, TAR_CHECKSUMS) == 0) {
			summed = true;
			if (!compare_sums(c, t))
				return false;
		} else if (!finish_entry(c, t)) {
			return false;
		} else if (!e.folder) {
			tar_note_sum(t);
		}
	}
	return summed || damaged(c);
}
