/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/books_check.h"

#include "base/check.h"
#include "base/sign.h"
#include "data/json.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A file that is wrong may be wrong everywhere: enough is enough. */
#define FINDINGS_SHOWN_MAX 200

void books_found(struct books_check *k, const char *fmt, ...)
{
	char text[400];
	va_list args;

	if (k->report->findings++ >= FINDINGS_SHOWN_MAX)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	buf_printf(k->out, "line %lld: %s\n", (long long)k->line, text);
}

/* The first line says what all others are read as. */
static bool read_header(struct books_check *k, const json_t *o)
{
	struct ctx *c = &k->c;
	struct books_report *r = k->report;
	struct str key;
	int64_t version, made_at;

	k->hopeless = true;
	if (!json_get_int(c, o, "version", MUST(1, 1), &version)
	    || !json_get_id(c, o, "organisation", MUST_ID(ID_ORG), &r->about.org_id)
	    || !json_get_id(c, o, "partner", MAY_ID(ID_PARTNER), &r->about.partner_id)
	    || !json_get_time(c, o, "made_at", MUST(0, 0), &made_at)
	    || !json_get_str(c, o, "public_key", MUST(SIGN_PUBLIC_LENGTH, SIGN_PUBLIC_LENGTH),
	                     &key))
		return false;
	k->hopeless = false;
	r->public_key = arena_str(&k->kept, k->public_key.n ? k->public_key : key);
	if (!str_eq(r->public_key, key))
		books_found(k, "the file is signed with another public key, %.*s", STR_ARG(key));
	return true;
}

static struct str hash_so_far(struct books_check *k)
{
	crypto_generichash_state copy = k->hash;
	unsigned char bytes[LEDGER_HASH_LENGTH / 2];
	char *hex = arena_alloc(k->c.arena, LEDGER_HASH_LENGTH + 1);

	crypto_generichash_final(&copy, bytes, sizeof(bytes));
	sodium_bin2hex(hex, LEDGER_HASH_LENGTH + 1, bytes, sizeof(bytes));
	return (struct str){ hex, LEDGER_HASH_LENGTH };
}

static bool read_end(struct books_check *k, const json_t *o)
{
	struct str hash, signature, text;
	int64_t lines;

	if (!json_get_int(&k->c, o, "lines", MUST(1, INT64_MAX), &lines)
	    || !json_get_str(&k->c, o, "hash", MUST(64, 64), &hash)
	    || !json_get_str(&k->c, o, "signature", MUST(128, 128), &signature))
		return false;
	k->ended = true;
	if (lines != k->line - 1)
		books_found(k, "%lld lines were written, %lld are before this one",
		            (long long)lines, (long long)k->line - 1);
	if (!str_eq(hash, hash_so_far(k)))
		books_found(k, "the lines before are not what their hash says");
	text = books_end_text(k->c.arena, &k->report->about, lines, hash);
	if (!sign_holds(k->report->public_key, text, signature))
		books_found(k, "the signature of the file does not hold");
	return true;
}

static bool (*const readers[BOOKS_PARTS])(struct books_check *k, const json_t *o) = {
	[BOOKS_HEADER] = read_header,
	[BOOKS_PAYOUT] = books_read_payout,
	[BOOKS_COMMISSION] = books_read_commission,
	[BOOKS_ENTRY] = books_read_entry,
	[BOOKS_CHECKPOINT] = books_read_checkpoint,
	[BOOKS_BALANCE] = books_read_balance,
	[BOOKS_END] = read_end,
};

/* Checkpoints stand between entries. */
static bool in_order(const struct books_check *k, int64_t part)
{
	if (part == BOOKS_HEADER || k->line == 1)
		return part == BOOKS_HEADER && k->line == 1;
	return part >= (int64_t)k->part || (k->part == BOOKS_CHECKPOINT && part == BOOKS_ENTRY);
}

static bool read_line(struct books_check *k, struct str text)
{
	int64_t part;
	json_t *o;

	if (!json_read_object(&k->c, text, &o)
	    || !json_get_name(&k->c, o, "object", MUST_NAME(books_names), &part))
		return false;
	if (k->line == 1 && part != BOOKS_HEADER) /* without one nothing can be read */
		return fail(&k->c, ERR_INVALID, "object", "must be \"%s\" in the first line, not \"%s\"",
		            books_names[BOOKS_HEADER], books_names[part]);
	if (!in_order(k, part)) {
		books_found(k, "\"%s\" is out of place here", books_names[part]);
		if (part == BOOKS_HEADER)
			return true; /* what the first one said goes on to hold */
	} else {
		k->part = (enum books_part)part;
	}
	return readers[part](k, o);
}

/* One line, without its end. */
static void take_line(struct books_check *k, struct str text)
{
	k->line++;
	k->report->lines++;
	if (k->hopeless)
		return;
	if (k->ended) {
		books_found(k, "the file goes on after its end");
		k->hopeless = true;
		return;
	}
	if (!read_line(k, text)) {
		k->hopeless = k->hopeless || k->line == 1;
		books_found(k, "%s%s%s", k->c.err.field, k->c.err.field[0] ? ": " : "",
		            k->c.err.msg);
		fail_clear(&k->c);
	}
	crypto_generichash_update(&k->hash, (const unsigned char *)text.p, text.n);
	crypto_generichash_update(&k->hash, (const unsigned char *)"\n", 1);
	arena_reset(k->c.arena);
}

static void begin(struct books_check *k, const struct ctx *c, struct arena *scratch)
{
	arena_init(&k->kept);
	arena_init(scratch);
	k->c = *c;
	k->c.arena = scratch;
	k->sums.arena = &k->kept;
	k->payouts = tallies_new();
	k->commissions = tallies_new();
	k->balances = tallies_new();
	memset(k->entry_hash, '0', LEDGER_HASH_LENGTH);
	*k->report = (struct books_report){ 0 };
	crypto_generichash_init(&k->hash, NULL, 0, LEDGER_HASH_LENGTH / 2);
}

/* What is left is a line without its end: a file that was cut. */
static void end(struct books_check *k, struct str left, struct arena *keep)
{
	if (left.n > 0 || k->line == 0) {
		k->line++;
		books_found(k, left.n ? "the line does not end" : "the file is empty");
	} else if (!k->ended && !k->hopeless) {
		books_found(k, "the file ends without its last line: a part of it is missing");
	}
	if (k->ended && !k->hopeless)
		books_compare(k); /* of a part, sums would say nothing but that it is one */
	k->report->public_key = arena_str(keep, k->report->public_key);
	tallies_free(k->payouts);
	tallies_free(k->commissions);
	tallies_free(k->balances);
	arena_release(k->c.arena);
	arena_release(&k->kept);
}

/* All whole lines of the text; what is left of it begins the next piece. */
static struct str take_lines(struct books_check *k, struct str text)
{
	size_t at;

	while ((at = str_find(text, '\n', 0)) != SIZE_MAX) {
		take_line(k, str_slice(text, 0, at));
		text = str_slice(text, at + 1, SIZE_MAX);
	}
	return text;
}

void books_check_text(struct ctx *c, struct str text, struct str public_key, struct buf *out,
                      struct books_report *report)
{
	struct books_check k = { .out = out, .report = report, .public_key = public_key };
	struct arena scratch;

	begin(&k, c, &scratch);
	end(&k, take_lines(&k, text), c->arena);
}

/* Pieces of the file through one buffer that holds at most one line that is not complete. */
static bool read_file(struct books_check *k, int fd, char *buffer, struct str *left)
{
	*left = (struct str){ buffer, 0 };
	for (;;) {
		ssize_t n = read(fd, buffer + left->n, BOOKS_LINE_MAX - left->n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (n == 0)
			return true;
		*left = take_lines(k, (struct str){ buffer, left->n + (size_t)n });
		memmove(buffer, left->p, left->n);
		left->p = buffer;
		if (left->n == BOOKS_LINE_MAX) {
			k->line++;
			books_found(k, "is longer than %zu bytes", BOOKS_LINE_MAX);
			k->line--;
			return true;
		}
	}
}

bool books_check(struct ctx *c, int fd, struct str public_key, struct buf *out,
                 struct books_report *report)
{
	struct books_check k = { .out = out, .report = report, .public_key = public_key };
	char *buffer = malloc(BOOKS_LINE_MAX);
	struct arena scratch;
	struct str left;
	bool ok;

	CHECK(buffer != NULL);
	begin(&k, c, &scratch);
	ok = read_file(&k, fd, buffer, &left);
	end(&k, left, c->arena);
	free(buffer);
	return ok || fail(c, ERR_STORAGE, NULL, "the file cannot be read: %s", strerror(errno));
}
