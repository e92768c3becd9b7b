/* SPDX-License-Identifier: Apache-2.0 */
#include "org/tracking.h"

#include "app.h"
#include "data/checks.h"
#include "db/store.h"

#define LABEL_MAX 63

static const struct sql SQL_TAKEN = {
	.text = "SELECT id FROM org WHERE tracking_host = $1 AND id <> $2",
	.control = true, .global = true,
};

/* The one question about links that is asked from here; it leads an index. */
static const struct sql SQL_LINKS = {
	.text = "SELECT id FROM link WHERE org_id = $1 LIMIT 1",
};

const struct sql *const tracking_sql[] = { &SQL_TAKEN, &SQL_LINKS, NULL };

static bool is_label(struct str s)
{
	if (s.n == 0 || s.n > LABEL_MAX || s.p[0] == '-' || s.p[s.n - 1] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i];
		bool letter = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');

		if (!letter && ch != '-' && (ch < '0' || ch > '9'))
			return false;
	}
	return true;
}

const char *tracking_check_host(struct str host)
{
	static const char wrong[] = "must be a host of two parts or more, like go.acme.com";
	struct str rest = host, label = { 0 };
	int64_t number;
	size_t parts = 0;

	if (host.n == 0)
		return NULL;
	while (rest.p) {
		label = str_cut(&rest, '.');
		parts++;
		if (!is_label(label))
			return wrong;
	}
	return parts < 2 || str_to_int(label, &number) ? wrong : NULL;
}

/* "https://Partners.example.com:8443/x" as "partners.example.com"; a host alone is one, too. */
static struct str host_of(struct arena *a, struct str url)
{
	size_t at = str_find(url, '/', 0);
	struct str rest = url, host;

	if (str_starts(url, "http://") || str_starts(url, "https://"))
		rest = str_slice(url, at + 2, url.n);
	host = str_cut(&rest, '/');
	rest = host;
	return email_fold(a, str_cut(&rest, ':'));
}

static bool has_links(struct ctx *c, int64_t org_id, bool *out)
{
	struct store *store = app_of(c)->store;
	struct ctx own = { .arena = c->arena, .app = c->app, .actor = c->actor, .org_id = org_id,
		           .now_ms = c->now_ms };
	struct db *db = store_begin(store, &own, org_id, STORE_READ);
	struct rows rows;
	bool ok = db && db_query(&own, &SQL_LINKS, NO_ARGS, &rows);

	if (ok)
		*out = rows.count > 0;
	else
		c->err = own.err;
	if (db)
		store_rollback(store, db);
	return ok;
}

bool tracking_move(struct ctx *c, struct str asked, const struct org *before, struct org *after)
{
	struct str host = email_fold(c->arena, after->tracking_host);
	struct rows taken;
	bool links;

	after->tracking_host = host;
	if (str_eq(host, before->tracking_host))
		return true;
	if (host.n > 0) {
		if (!db_query(c, &SQL_TAKEN, ARGS(val_str(host), val_int(before->id)), &taken))
			return false;
		if (taken.count > 0 || str_eq(host, host_of(c->arena, asked))
		    || str_eq(host, host_of(c->arena, app_of(c)->base_url)))
			return fail(c, ERR_CONFLICT, "tracking_host", "this host is in use here already");
	}
	return has_links(c, before->id, &links)
	    && (!links
	        || fail(c, ERR_STATE, "tracking_host",
	                "there are links already, whose addresses would lead nowhere"));
}
