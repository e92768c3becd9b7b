/* SPDX-License-Identifier: Apache-2.0 */
#include "deal/protected_account.h"

#include "base/check.h"
#include "change/change.h"
#include "customer/account.h"
#include "customer/address.h"
#include "customer/mail_host.h"
#include "data/checks.h"

static const struct field fields[] = {
	FIELD(struct protected_account, id, .flags = OUT, .as = AS_ID, .id = ID_ACCOUNT),
	FIELD(struct protected_account, account, .flags = IN | OUT | REQUIRED | UNIQUE, .max = 500),
	FIELD(struct protected_account, note, .flags = IN | OUT | NULLABLE, .max = 1000),
	FIELD(struct protected_account, created_by, .flags = OUT),
	FIELD(struct protected_account, created_at, .flags = OUT, .as = AS_TIME),
};

const struct model protected_account_model = MODEL("protected_account", fields);

static bool read_account(struct ctx *c, struct str *account)
{
	struct str typed = str_trim(*account);

	if (str_find(typed, '@', 0) != SIZE_MAX) {
		const char *wrong = check_email(typed);

		*account = address_canonical(c->arena, typed);
		return !wrong || fail(c, ERR_INVALID, "account", "%s", wrong);
	}
	*account = account_domain(c->arena, typed);
	if (account->n == 0)
		return fail(c, ERR_INVALID, "account",
		            "is neither a domain, such as acme.com, nor an e-mail address");
	return !mail_host_is_public(*account)
	    || fail(c, ERR_INVALID, "account", "anybody can have a mailbox at %.*s: give a whole"
	            " address", STR_ARG(*account));
}

/* The audit log has no addresses in clear. */
static bool log_created(struct ctx *c, const struct protected_account *p)
{
	struct protected_account shown = *p;

	if (str_find(p->account, '@', 0) != SIZE_MAX)
		shown.account = email_mask(c->arena, p->account);
	return change_row(c, "protected_account.create", &protected_account_model, NULL, &shown);
}

bool protected_account_create(struct ctx *c, struct protected_account *p)
{
	if (!read_account(c, &p->account))
		return false;
	p->id = id_new();
	p->created_by = c->actor.name;
	p->created_at = c->now_ms;
	return db_insert(c, &protected_account_model, p) && log_created(c, p);
}

static const struct sql SQL_REMOVE = {
	.text = "DELETE FROM protected_account WHERE org_id = $1 AND id = $2",
};

bool protected_account_remove(struct ctx *c, int64_t id)
{
	struct protected_account p;

	return db_get_id(c, &protected_account_model, id, &p)
	    && db_exec(c, &SQL_REMOVE, ARGS(val_int(id)))
	    && change_post(c, "protected_account.remove", id_str(c->arena, ID_ACCOUNT, id),
	                   STR(""));
}

static const struct sql SQL_COVERS = {
	.text = "SELECT id FROM protected_account WHERE org_id = $1 AND account <> ''"
	        " AND account IN ($2, $3, $4) LIMIT 1",
};

bool protected_account_covers(struct ctx *c, struct str domain, struct str email, bool *out)
{
	int64_t id;

	if (!db_int(c, &SQL_COVERS,
	            ARGS(val_str(domain), val_str(email), val_str(account_host(c->arena, email))),
	            &id))
		return false;
	*out = id != 0;
	return true;
}

const struct sql *const protected_account_sql[] = { &SQL_REMOVE, &SQL_COVERS, NULL };
