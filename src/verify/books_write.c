/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/books.h"

#include "app.h"
#include "base/check.h"
#include "base/sign.h"
#include "commission/commission.h"
#include "data/json_out.h"
#include "data/model_json.h"
#include "ledger/balance.h"
#include "ledger/checkpoint.h"
#include "partner/partner.h"
#include "payout/payout.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

#define PAGE 1000

const char *const books_names[] = {
	[BOOKS_HEADER] = "books",     [BOOKS_PAYOUT] = "payout",
	[BOOKS_COMMISSION] = "commission", [BOOKS_ENTRY] = "ledger_entry",
	[BOOKS_CHECKPOINT] = "ledger_checkpoint", [BOOKS_BALANCE] = "balance",
	[BOOKS_END] = "end", NULL,
};

struct writer {
	struct ctx c;           /* of the program itself, with an arena that is emptied often */
	struct ctx lasting;     /* with one that is not */
	FILE *file;
	struct books_about about;
	int64_t lines;
	crypto_generichash_state hash;
	struct list checkpoints;
	size_t checkpoint_at;
	struct rows legs;       /* of the page of entries at hand, and how many are taken */
	size_t leg_at;
};

struct str books_end_text(struct arena *a, const struct books_about *about, int64_t lines,
                          struct str hash)
{
	char partner[ID_TEXT_MAX] = "-";

	if (about->partner_id)
		id_format(ID_PARTNER, about->partner_id, partner);
	return arena_printf(a, "partnerd-books 1\n%s\t%s\t%lld\t%.*s\n",
	                    id_str(a, ID_ORG, about->org_id).p, partner, (long long)lines,
	                    STR_ARG(hash));
}

static bool put_line(struct writer *w, struct buf *b)
{
	buf_char(b, '\n');
	w->lines++;
	crypto_generichash_update(&w->hash, (const unsigned char *)b->p, b->n);
	return fwrite(b->p, 1, b->n, w->file) == b->n
	    || fail(&w->c, ERR_FULL, NULL, "the file cannot be written");
}

static bool put_row(struct writer *w, const struct model *m, const void *row)
{
	struct buf b;

	buf_init(&b, w->c.arena);
	model_json(&b, &w->c, m, row);
	return put_line(w, &b);
}

static bool put_header(struct writer *w)
{
	struct buf b;

	buf_init(&b, w->c.arena);
	jw_object(&b);
	jw_key_str(&b, "object", str_from(books_names[BOOKS_HEADER]));
	jw_key_int(&b, "version", 1);
	jw_key_id(&b, "organisation", ID_ORG, w->about.org_id);
	jw_key_id(&b, "partner", ID_PARTNER, w->about.partner_id);
	jw_key_time(&b, "made_at", w->c.now_ms);
	jw_key_str(&b, "public_key", sign_public(w->c.arena, app_of(&w->c)->secret));
	jw_object_end(&b);
	return put_line(w, &b);
}

static bool put_end(struct writer *w)
{
	struct arena *a = w->c.arena;
	unsigned char bytes[32];
	char hex[2 * sizeof(bytes) + 1];
	struct buf b;

	crypto_generichash_final(&w->hash, bytes, sizeof(bytes));
	sodium_bin2hex(hex, sizeof(hex), bytes, sizeof(bytes));
	buf_init(&b, a);
	jw_object(&b);
	jw_key_str(&b, "object", str_from(books_names[BOOKS_END]));
	jw_key_int(&b, "lines", w->lines);
	jw_key_str(&b, "hash", str_from(hex));
	jw_key_str(&b, "signature",
	           sign_text(a, app_of(&w->c)->secret,
	                     books_end_text(a, &w->about, w->lines, str_from(hex))));
	jw_object_end(&b);
	return put_line(w, &b);
}

static bool put_payout(struct writer *w, const void *row)
{
	const struct payout *p = row;
	struct buf b;

	buf_init(&b, w->c.arena);
	jw_object(&b);
	jw_key_str(&b, "object", str_from(books_names[BOOKS_PAYOUT]));
	jw_key_id(&b, "id", ID_PAYOUT, p->id);
	jw_key_id(&b, "partner", ID_PARTNER, p->partner_id);
	jw_key_str(&b, "currency", p->currency);
	jw_key_int(&b, "amount", p->amount);
	jw_key_str(&b, "status", str_from(payout_status_names[p->status]));
	jw_object_end(&b);
	return put_line(w, &b);
}

static bool put_commission(struct writer *w, const void *row)
{
	return put_row(w, &commission_model, row);
}

static bool put_checkpoint(struct writer *w, const struct checkpoint *k)
{
	struct buf b;

	buf_init(&b, w->c.arena);
	jw_object(&b);
	jw_key_str(&b, "object", str_from(books_names[BOOKS_CHECKPOINT]));
	model_json_members(&b, &w->c, &checkpoint_model, k);
	jw_key_raw(&b, "sums", k->sums);
	jw_object_end(&b);
	return put_line(w, &b);
}

static const struct sql SQL_LEGS = {
	.text = "SELECT entry_id, account, partner_id, currency, debit, credit FROM ledger_leg"
	        " WHERE org_id = $1 AND entry_id BETWEEN $2 AND $3 ORDER BY entry_id, number",
};

/* Of the page's legs those of the next entry. */
static void take_legs(struct writer *w, struct entry *e)
{
	const struct rows *legs = &w->legs;
	size_t *at = &w->leg_at;

	while (*at < legs->count && rows_int(legs, *at, 0) < e->id)
		(*at)++;
	for (; *at < legs->count && rows_int(legs, *at, 0) == e->id; (*at)++) {
		if (e->leg_count == LEDGER_LEGS_MAX)
			continue;
		e->legs[e->leg_count++] = (struct leg){
			.account = rows_int(legs, *at, 1),
			.partner_id = rows_int(legs, *at, 2),
			.currency = rows_str(legs, *at, 3),
			.debit = rows_int(legs, *at, 4),
			.credit = rows_int(legs, *at, 5),
		};
	}
}

static bool put_entry(struct writer *w, const void *row)
{
	const struct checkpoint *all = w->checkpoints.items;
	struct entry e = *(const struct entry *)row;
	struct buf b;

	if (w->about.partner_id == 0)
		take_legs(w, &e);
	else if (!ledger_legs(&w->c, &e))
		return false;
	buf_init(&b, w->c.arena);
	jw_object(&b);
	jw_key_str(&b, "object", str_from(books_names[BOOKS_ENTRY]));
	model_json_members(&b, &w->c, &entry_model, &e);
	jw_key(&b, "legs");
	jw_array(&b);
	for (size_t i = 0; i < e.leg_count; i++) {
		jw_object(&b);
		model_json_members(&b, &w->c, &leg_model, &e.legs[i]);
		jw_object_end(&b);
	}
	jw_array_end(&b);
	jw_object_end(&b);
	if (!put_line(w, &b))
		return false;
	while (w->checkpoint_at < w->checkpoints.count
	       && all[w->checkpoint_at].number <= e.number)
		if (!put_checkpoint(w, &all[w->checkpoint_at++]))
			return false;
	return true;
}

static bool put_balance(struct writer *w, const void *row)
{
	return put_row(w, &balance_model, row);
}

static const struct sql SQL_PAYOUTS = {
	.text = "SELECT @columns FROM payout WHERE org_id = $1 AND id > $2"
	        " ORDER BY id LIMIT 1000",
	.model = &payout_model,
};

static const struct sql SQL_PARTNER_PAYOUTS = {
	.text = "SELECT @columns FROM payout WHERE org_id = $1 AND id > $2 AND partner_id = $3"
	        " ORDER BY id LIMIT 1000",
	.model = &payout_model,
};

static const struct sql SQL_COMMISSIONS = {
	.text = "SELECT @columns FROM commission WHERE org_id = $1 AND id > $2"
	        " ORDER BY id LIMIT 1000",
	.model = &commission_model,
};

static const struct sql SQL_PARTNER_COMMISSIONS = {
	.text = "SELECT @columns FROM commission WHERE org_id = $1 AND id > $2 AND partner_id = $3"
	        " ORDER BY id LIMIT 1000",
	.model = &commission_model,
};

static const struct sql SQL_ENTRIES = {
	.text = "SELECT @columns FROM ledger_entry WHERE org_id = $1 AND id > $2"
	        " ORDER BY id LIMIT 1000",
	.model = &entry_model,
};

/* What is about the partner's commissions, its payouts, or nothing but the partner. */
static const struct sql SQL_PARTNER_ENTRIES = {
	.text = "SELECT @columns FROM ledger_entry WHERE org_id = $1 AND id > $2 AND id IN ("
	        "SELECT e.id FROM commission m JOIN ledger_entry e ON e.org_id = m.org_id"
	        " AND e.commission_id = m.id WHERE m.org_id = $1 AND m.partner_id = $3"
	        " UNION ALL SELECT e.id FROM payout p JOIN ledger_entry e ON e.org_id = p.org_id"
	        " AND e.commission_id = 0 AND e.payout_id = p.id"
	        " WHERE p.org_id = $1 AND p.partner_id = $3"
	        " UNION ALL SELECT e.id FROM ledger_entry e JOIN ledger_leg l"
	        " ON l.org_id = e.org_id AND l.entry_id = e.id WHERE e.org_id = $1"
	        " AND e.commission_id = 0 AND e.payout_id = 0 AND l.partner_id = $3)"
	        " ORDER BY id LIMIT 1000",
	.model = &entry_model,
};

/* One part of the file: pages of rows in the order of their ids. */
struct part {
	const struct sql *all, *of_partner;
	size_t size;
	bool (*put)(struct writer *w, const void *row);
};

static const struct part parts[] = {
	{ &SQL_PAYOUTS, &SQL_PARTNER_PAYOUTS, sizeof(struct payout), put_payout },
	{ &SQL_COMMISSIONS, &SQL_PARTNER_COMMISSIONS, sizeof(struct commission), put_commission },
	{ &SQL_ENTRIES, &SQL_PARTNER_ENTRIES, sizeof(struct entry), put_entry },
};

/* All legs of a page at once; a statement's entries have too many others between them. */
static bool read_page_legs(struct writer *w, const struct list *page)
{
	const struct entry *e = page->items;

	w->leg_at = 0;
	return page->count == 0
	    || db_query(&w->c, &SQL_LEGS, ARGS(val_int(e[0].id), val_int(e[page->count - 1].id)),
	                &w->legs);
}

static bool read_page(struct writer *w, const struct part *p, int64_t after, struct list *out)
{
	if (w->about.partner_id)
		return db_list(&w->c, p->of_partner,
		               ARGS(val_int(after), val_int(w->about.partner_id)), p->size, out);
	return db_list(&w->c, p->all, ARGS(val_int(after)), p->size, out)
	    && (p->put != put_entry || read_page_legs(w, out));
}

static bool put_part(struct writer *w, const struct part *p)
{
	struct list page;
	int64_t last = 0;

	do {
		arena_reset(w->c.arena);
		if (!read_page(w, p, last, &page))
			return false;
		for (size_t i = 0; i < page.count; i++) {
			const char *row = (const char *)page.items + i * p->size;

			memcpy(&last, row, sizeof(last)); /* the id is the first member of each */
			if (!p->put(w, row))
				return false;
		}
	} while (page.count == PAGE);
	return true;
}

_Static_assert(offsetof(struct payout, id) == 0 && offsetof(struct commission, id) == 0
               && offsetof(struct entry, id) == 0, "put_part takes the id from there");

static bool put_balances(struct writer *w)
{
	int64_t last = w->about.partner_id;
	struct list page;

	do {
		arena_reset(w->c.arena);
		if (!(w->about.partner_id ? balance_list(&w->c, last, &page)
		                          : balance_page(&w->c, last, PAGE, &page)))
			return false;
		for (size_t i = 0; i < page.count; i++) {
			const struct balance *b = (const struct balance *)page.items + i;

			last = b->partner_id;
			if (!put_balance(w, b))
				return false;
		}
	} while (page.count > 0 && w->about.partner_id == 0);
	return true;
}

static bool put_all(struct writer *w)
{
	if (!put_header(w))
		return false;
	for (size_t i = 0; i < LEN(parts); i++)
		if (!put_part(w, &parts[i]))
			return false;
	return put_balances(w) && put_end(w)
	    && (fflush(w->file) == 0 || fail(&w->c, ERR_FULL, NULL, "the file cannot be written"));
}

/* A statement has gaps between its entries, so the checkpoints of the chain say nothing there. */
static bool prepare(struct writer *w)
{
	struct partner p;

	if (w->about.partner_id)
		return partner_get(&w->lasting, w->about.partner_id, &p);
	return checkpoint_list(&w->lasting, &w->checkpoints);
}

static bool write_to(struct writer *w)
{
	bool ok;

	crypto_generichash_init(&w->hash, NULL, 0, 32);
	ok = put_all(w);
	if (fclose(w->file) != 0 && ok)
		ok = fail(&w->c, ERR_FULL, NULL, "the file cannot be written");
	return ok;
}

bool books_write(struct ctx *c, int64_t partner_id, int fd)
{
	struct writer w = { .c = *c, .lasting = *c,
		            .about = { .org_id = c->org_id, .partner_id = partner_id } };
	struct arena scratch, lasting;
	int copy = dup(fd);
	bool ok;

	arena_init(&scratch);
	arena_init(&lasting);
	w.lasting.arena = &lasting;
	w.lasting.actor = (struct actor){ .kind = ACTOR_SYSTEM, .role = ROLE_OWNER };
	w.c.arena = &scratch;
	w.c.actor = w.lasting.actor;
	ok = prepare(&w);
	w.file = ok && copy >= 0 ? fdopen(copy, "w") : NULL;
	if (ok && !w.file)
		ok = fail(&w.c, ERR_STORAGE, NULL, "%s", strerror(errno));
	if (w.file)
		ok = write_to(&w);
	else if (copy >= 0)
		close(copy);
	if (!ok)
		c->err = w.c.err.code ? w.c.err : w.lasting.err;
	arena_release(&scratch);
	arena_release(&lasting);
	return ok;
}

const struct sql *const books_sql[] = {
	&SQL_PAYOUTS, &SQL_PARTNER_PAYOUTS, &SQL_COMMISSIONS, &SQL_PARTNER_COMMISSIONS,
	&SQL_ENTRIES, &SQL_PARTNER_ENTRIES, &SQL_LEGS, NULL,
};
