/* SPDX-License-Identifier: Apache-2.0 */
#include "customer/account.h"

#include "app.h"
#include "base/check.h"
#include "base/digest.h"
#include "customer/address.h"
#include "customer/mail_host.h"
#include "data/checks.h"
#include "work/work.h"

#define PAGE 1000    /* a step of the job */
#define AT_ONCE 500  /* while somebody waits: some milliseconds */

struct str account_host(struct arena *a, struct str address)
{
	struct str folded = address_canonical(a, address);
	size_t at = str_find(folded, '@', 0);
	struct str host = at == SIZE_MAX ? STR("") : str_slice(folded, at + 1, folded.n);

	return mail_host_is_public(host) ? STR("") : host;
}

struct str account_domain(struct arena *a, struct str typed)
{
	struct str host = email_fold(a, typed);
	size_t scheme = 0;

	if (str_starts(host, "https://") || str_starts(host, "http://"))
		scheme = str_starts(host, "https://") ? 8 : 7;
	host = str_slice(host, scheme, host.n);
	host = str_cut(&host, '/');
	host = str_cut(&host, '?');
	host = str_cut(&host, ':');
	if (str_starts(host, "www."))
		host = str_slice(host, 4, host.n);
	/* what follows the "@" of an address is what a host is */
	return check_email(arena_printf(a, "a@%.*s", STR_ARG(host))) ? STR("") : host;
}

static void add(struct account_keys *keys, struct str kind, struct str text)
{
	int64_t key = text.n ? digest_key(kind, text) : 0;

	for (size_t i = 0; i < keys->count; i++)
		if (keys->all[i] == key)
			return;
	if (key == 0)
		return;
	CHECK(keys->count < ACCOUNT_KEYS_MAX);
	keys->all[keys->count++] = key;
}

void account_add_address(struct account_keys *keys, struct arena *a, struct str address)
{
	add(keys, STR("account address"), address_canonical(a, address));
	account_add_domain(keys, account_host(a, address));
}

void account_add_domain(struct account_keys *keys, struct str domain)
{
	add(keys, STR("account domain"), domain);
}

void account_add_customer(struct account_keys *keys, struct str external_id)
{
	add(keys, STR("account customer"), external_id);
}

static const struct sql SQL_POSITION = {
	.text = "SELECT customer_id FROM customer_account_position WHERE org_id = $1",
};

static const struct sql SQL_MOVE = {
	.text = "INSERT INTO customer_account_position (org_id, customer_id) VALUES ($1, $2)"
	        " ON CONFLICT (org_id) DO UPDATE SET customer_id = excluded.customer_id",
};

static const struct sql SQL_NEXT = {
	.text = "SELECT id, email FROM customer WHERE org_id = $1 AND id > $2 ORDER BY id"
	        " LIMIT $3",
};

static const struct sql SQL_INSERT = {
	.text = "INSERT INTO customer_account (org_id, key, customer_id) VALUES ($1, $2, $3)"
	        " ON CONFLICT (org_id, key, customer_id) DO NOTHING",
};

static bool keep(struct ctx *c, int64_t customer_id, struct str email)
{
	struct account_keys keys = { 0 };

	account_add_address(&keys, c->arena, email);
	for (size_t i = 0; i < keys.count; i++)
		if (!db_exec(c, &SQL_INSERT, ARGS(val_int(keys.all[i]), val_int(customer_id))))
			return false;
	return true;
}

/* Customers who came since it was asked last, so many at most. */
static bool read_next(struct ctx *c, int64_t most, struct rows *out)
{
	int64_t last;

	return db_int(c, &SQL_POSITION, NO_ARGS, &last)
	    && db_query(c, &SQL_NEXT, ARGS(val_int(last), val_int(most)), out);
}

static bool take_in(struct ctx *c, const struct rows *r)
{
	for (size_t i = 0; i < r->count; i++)
		if (!keep(c, rows_int(r, i, 0), rows_str(r, i, 1)))
			return false;
	return r->count == 0 || db_exec(c, &SQL_MOVE, ARGS(val_int(rows_int(r, r->count - 1, 0))));
}

bool account_begin(struct ctx *c, bool *out_more)
{
	struct rows r;

	if (!read_next(c, PAGE, &r))
		return false;
	*out_more = r.count == PAGE;
	return take_in(c, &r);
}

static const struct sql SQL_BEGUN = {
	.text = "SELECT COUNT(*) AS n FROM customer_account_position WHERE org_id = $1",
};

bool account_follow(struct ctx *c, bool *out_more)
{
	int64_t begun;

	*out_more = false;
	if (!db_int(c, &SQL_BEGUN, NO_ARGS, &begun))
		return false;
	return begun == 0 || account_begin(c, out_more);
}

void account_wake(struct ctx *c)
{
	if (app_of(c) && app_of(c)->work)
		work_wake(app_of(c)->work, "accounts-begin", c->org_id);
}

/* A few are taken in at once; where there are many, the job does it. */
static bool be_ready(struct ctx *c)
{
	struct rows r;

	if (!read_next(c, AT_ONCE + 1, &r))
		return false;
	if (r.count <= AT_ONCE)
		return take_in(c, &r);
	account_wake(c);
	return fail(c, ERR_BUSY, NULL,
	            "The customers are being looked through first: try again in a minute");
}

bool account_note(struct ctx *c, const struct customer *cu)
{
	return keep(c, cu->id, cu->email);
}

static const struct sql SQL_CUSTOMERS = {
	.text = "SELECT @columns FROM customer WHERE org_id = $1 AND id IN"
	        " (SELECT customer_id FROM customer_account WHERE org_id = $1"
	        " AND key IN ($2, $3, $4, $5, $6) ORDER BY customer_id DESC LIMIT 500)"
	        " ORDER BY invoices DESC, id LIMIT 50",
	.model = &customer_model,
};

bool account_customers(struct ctx *c, const struct account_keys *keys, struct list *out)
{
	const int64_t *k = keys->all;

	return be_ready(c)
	    && db_list(c, &SQL_CUSTOMERS,
	               ARGS(val_int(k[0]), val_int(k[1]), val_int(k[2]), val_int(k[3]),
	                    val_int(k[4])),
	               sizeof(struct customer), out);
}

const struct sql *const account_sql[] = {
	&SQL_POSITION, &SQL_MOVE, &SQL_NEXT, &SQL_BEGUN, &SQL_INSERT, &SQL_CUSTOMERS, NULL,
};
