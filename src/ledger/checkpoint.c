/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/checkpoint.h"

#include "app.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/sign.h"
#include "data/json.h"
#include "data/json_out.h"

static const struct field fields[] = {
	FIELD(struct checkpoint, id, .flags = OUT, .as = AS_ID, .id = ID_CHECKPOINT),
	FIELD(struct checkpoint, day, .flags = OUT),
	FIELD(struct checkpoint, entry_id, .json = "entry", .flags = OUT, .as = AS_ID,
	      .id = ID_LEDGER),
	FIELD(struct checkpoint, number, .flags = OUT),
	FIELD(struct checkpoint, hash, .flags = OUT),
	FIELD(struct checkpoint, sums, .flags = 0),
	FIELD(struct checkpoint, made_at, .flags = OUT, .as = AS_TIME),
	FIELD(struct checkpoint, public_key, .flags = OUT),
	FIELD(struct checkpoint, signature, .flags = OUT),
};

const struct model checkpoint_model = MODEL("ledger_checkpoint", fields);

static int compare(const struct account_sum *a, const struct account_sum *b)
{
	if (a->account != b->account)
		return a->account < b->account ? -1 : 1;
	return str_cmp(a->currency, b->currency);
}

static struct account_sum *make_room(struct account_sums *s, size_t at)
{
	if (s->count == s->room) {
		size_t room = s->room ? 2 * s->room : 16;
		struct account_sum *items = ARENA_ARRAY(s->arena, struct account_sum, room);

		if (s->count > 0)
			memcpy(items, s->items, s->count * sizeof(*items));
		s->items = items;
		s->room = room;
	}
	memmove(s->items + at + 1, s->items + at, (s->count - at) * sizeof(*s->items));
	s->count++;
	return &s->items[at];
}

bool account_sums_add(struct account_sums *s, const struct account_sum *more)
{
	struct account_sum *sum;
	size_t at = 0;

	while (at < s->count && compare(&s->items[at], more) < 0)
		at++;
	if (at == s->count || compare(&s->items[at], more) != 0) {
		*make_room(s, at) = (struct account_sum){
			.account = more->account,
			.currency = arena_str(s->arena, more->currency),
		};
	}
	sum = &s->items[at];
	return !__builtin_add_overflow(sum->debit, more->debit, &sum->debit)
	    && !__builtin_add_overflow(sum->credit, more->credit, &sum->credit);
}

struct str account_sums_json(struct arena *a, const struct account_sums *s)
{
	struct buf b;

	buf_init(&b, a);
	jw_array(&b);
	for (size_t i = 0; i < s->count; i++) {
		jw_object(&b);
		jw_key_str(&b, "account", str_from(ledger_account_names[s->items[i].account]));
		jw_key_str(&b, "currency", s->items[i].currency);
		jw_key_int(&b, "debit", s->items[i].debit);
		jw_key_int(&b, "credit", s->items[i].credit);
		jw_object_end(&b);
	}
	jw_array_end(&b);
	return buf_text(&b);
}

struct str checkpoint_text(struct arena *a, int64_t org_id, const struct checkpoint *k,
                           const struct account_sums *sums)
{
	char at[CLOCK_TEXT_MAX];
	struct buf b;

	time_format(k->made_at, at);
	buf_init(&b, a);
	buf_printf(&b, "partnerd-checkpoint 1\n%s\t%.*s\t%lld\t%.*s\t%s\n",
	           id_str(a, ID_ORG, org_id).p, STR_ARG(k->day), (long long)k->number,
	           STR_ARG(k->hash), at);
	for (size_t i = 0; i < sums->count; i++)
		buf_printf(&b, "%s\t%.*s\t%lld\t%lld\n",
		           ledger_account_names[sums->items[i].account],
		           STR_ARG(sums->items[i].currency), (long long)sums->items[i].debit,
		           (long long)sums->items[i].credit);
	return buf_text(&b);
}

static const struct sql SQL_LAST = {
	.text = "SELECT @columns FROM ledger_checkpoint WHERE org_id = $1 ORDER BY id DESC LIMIT 1",
	.model = &checkpoint_model,
};

bool checkpoint_last(struct ctx *c, struct checkpoint *out, bool *out_found)
{
	*out = (struct checkpoint){ 0 };
	return db_find(c, &SQL_LAST, NO_ARGS, out, out_found);
}

static const struct sql SQL_ALL = {
	.text = "SELECT @columns FROM ledger_checkpoint WHERE org_id = $1 ORDER BY id",
	.model = &checkpoint_model,
};

bool checkpoint_list(struct ctx *c, struct list *out)
{
	return db_list(c, &SQL_ALL, NO_ARGS, sizeof(struct checkpoint), out);
}

/* What the last checkpoint says all legs before it add up to. */
static bool read_sums(struct ctx *c, struct str json, struct account_sums *out)
{
	json_t *list, *one;
	size_t i;

	if (json.n == 0)
		return true;
	if (!json_read(c, json, &list))
		return false;
	json_array_foreach(list, i, one) {
		struct account_sum sum = {
			.account = names_find(ledger_account_names,
			                      json_text(json_object_get(one, "account"))),
			.currency = json_text(json_object_get(one, "currency")),
			.debit = json_integer_value(json_object_get(one, "debit")),
			.credit = json_integer_value(json_object_get(one, "credit")),
		};

		if (sum.account < 0 || !account_sums_add(out, &sum))
			return fail(c, ERR_INTERNAL, NULL, "the last checkpoint cannot be read");
	}
	return true;
}

static const struct sql SQL_NEXT = {
	.text = "SELECT posted_at FROM ledger_entry WHERE org_id = $1 AND id > $2"
	        " ORDER BY id LIMIT 1",
};

static const struct sql SQL_AFTER = {
	.text = "SELECT id FROM ledger_entry WHERE org_id = $1 AND id > $2 AND posted_at >= $3"
	        " ORDER BY id LIMIT 1",
};

static const struct sql SQL_END = {
	.text = "SELECT id, number, hash FROM ledger_entry"
	        " WHERE org_id = $1 AND id > $2 AND id < $3 ORDER BY id DESC LIMIT 1",
};

static const struct sql SQL_SUMS = {
	.text = "SELECT account, currency, CAST(SUM(debit) AS BIGINT), CAST(SUM(credit) AS BIGINT)"
	        " FROM ledger_leg WHERE org_id = $1 AND entry_id > $2 AND entry_id <= $3"
	        " GROUP BY account, currency",
};

/* The last entry posted before that moment; entries are in order of their ids, not of clocks. */
static bool find_end(struct ctx *c, int64_t after_id, int64_t end_ms, struct checkpoint *k)
{
	int64_t stop = 0;
	struct rows r;

	if (!db_int(c, &SQL_AFTER, ARGS(val_int(after_id), val_int(end_ms)), &stop)
	    || !db_query(c, &SQL_END, ARGS(val_int(after_id), val_int(stop ? stop : INT64_MAX)),
	                 &r))
		return false;
	CHECK(r.count == 1);
	k->entry_id = rows_int(&r, 0, 0);
	k->number = rows_int(&r, 0, 1);
	k->hash = rows_str(&r, 0, 2);
	return true;
}

static bool add_sums(struct ctx *c, int64_t after_id, int64_t to_id, struct account_sums *sums)
{
	struct rows r;

	if (!db_query(c, &SQL_SUMS, ARGS(val_int(after_id), val_int(to_id)), &r))
		return false;
	for (size_t i = 0; i < r.count; i++) {
		struct account_sum more = { rows_int(&r, i, 0), rows_str(&r, i, 1),
			                    rows_int(&r, i, 2), rows_int(&r, i, 3) };

		CHECK(account_sums_add(sums, &more));
	}
	return true;
}

static bool make(struct ctx *c, const struct checkpoint *last, int64_t day)
{
	struct account_sums sums = { .arena = c->arena };
	struct checkpoint k = {
		.id = id_new(),
		.day = date_str(c->arena, date_from_days(day)),
		.made_at = c->now_ms,
		.public_key = sign_public(c->arena, app_of(c)->secret),
	};

	if (k.id <= last->id)
		k.id = last->id + 1;
	if (!find_end(c, last->entry_id, (day + 1) * MS_PER_DAY, &k)
	    || !read_sums(c, last->sums, &sums)
	    || !add_sums(c, last->entry_id, k.entry_id, &sums))
		return false;
	k.sums = account_sums_json(c->arena, &sums);
	k.signature = sign_text(c->arena, app_of(c)->secret,
	                        checkpoint_text(c->arena, c->org_id, &k, &sums));
	return db_insert(c, &checkpoint_model, &k);
}

bool checkpoint_make(struct ctx *c, bool *out_more)
{
	struct checkpoint last;
	struct date d = { 0 };
	int64_t posted_at = 0, day;
	bool found;

	*out_more = false;
	if (!checkpoint_last(c, &last, &found)
	    || !db_int(c, &SQL_NEXT, ARGS(val_int(last.entry_id)), &posted_at))
		return false;
	if (posted_at == 0)
		return true;
	day = posted_at / MS_PER_DAY;
	if (found && date_parse(last.day, &d) && day <= date_to_days(d))
		day = date_to_days(d) + 1;
	if ((day + 1) * MS_PER_DAY > c->now_ms)
		return true;
	*out_more = true;
	return make(c, &last, day);
}

const struct sql *const checkpoint_sql[] = {
	&SQL_LAST, &SQL_ALL, &SQL_NEXT, &SQL_AFTER, &SQL_END, &SQL_SUMS, NULL,
};
