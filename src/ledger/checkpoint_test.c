/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/checkpoint.h"

#include "app.h"
#include "base/sign.h"
#include "event/scene.h"
#include "verify/verify.h"

static struct app app = { .secret = (const unsigned char *)"0123456789abcdef0123456789abcde" };

static const struct sql SQL_COUNT = {
	.text = "SELECT COUNT(*) FROM ledger_checkpoint WHERE org_id = $1",
};

static int64_t make_all(struct ctx *c)
{
	int64_t count = 0;
	bool more = true;

	while (more)
		OK(checkpoint_make(c, &more));
	OK(db_int(c, &SQL_COUNT, NO_ARGS, &count));
	return count;
}

static void sell(struct ctx *c, const struct scene *s, const char *id, int64_t at_ms)
{
	struct recorded r;

	c->now_ms = at_ms;
	OK(scene_sale(c, s, id, 10000, &r));
}

static struct str findings(struct ctx *c)
{
	struct verify_counts counts = { 0 };
	struct buf b;

	buf_init(&b, c->arena);
	OK(verify_org(c, &b, &counts));
	return buf_text(&b);
}

/* Two days with sales, a day without between them. */
static int64_t two_days(struct ctx *c, struct store *s, struct scene *scene)
{
	int64_t noon;

	OK(scene_open(c, s, scene, SCENE_25_PERCENT));
	c->app = &app;
	noon = c->now_ms / MS_PER_DAY * MS_PER_DAY + MS_PER_DAY / 2;
	sell(c, scene, "a", noon);
	sell(c, scene, "b", noon);
	sell(c, scene, "c", noon + 2 * MS_PER_DAY);
	return noon;
}

STORE_TEST(a_day_that_is_over_is_signed_once)
{
	struct checkpoint k;
	struct scene scene;
	bool found;
	int64_t noon = two_days(c, s, &scene);

	EQ(make_all(c), 1);
	EQ(make_all(c), 1);
	OK(checkpoint_last(c, &k, &found));
	EQ(k.number, 2);
	EQ_STR(k.sums, "[{\"account\":\"partner_pending\",\"currency\":\"USD\",\"debit\":0,"
	               "\"credit\":5000},{\"account\":\"commission_expense\",\"currency\":\"USD\","
	               "\"debit\":5000,\"credit\":0}]");
	c->now_ms = noon + 10 * MS_PER_DAY;
	EQ(make_all(c), 2);
	OK(checkpoint_last(c, &k, &found));
	EQ(k.number, 3);
	OK(str_eq(k.public_key, sign_public(c->arena, app.secret)));
	EQ_STR(findings(c), "");
	OK(scene_close(c, s));
}

STORE_TEST(a_checkpoint_that_was_changed_is_found)
{
	static const struct sql forge = {
		.text = "INSERT INTO ledger_checkpoint (org_id, id, day, entry_id, number, hash,"
		        " sums, made_at, public_key, signature) SELECT org_id, id + 1, '2199-01-01',"
		        " entry_id, number, hash, '[]', made_at, public_key, signature"
		        " FROM ledger_checkpoint WHERE org_id = $1",
	};
	struct scene scene;
	struct str said;

	two_days(c, s, &scene);
	EQ(make_all(c), 1);
	OK(db_exec(c, &forge, NO_ARGS));
	said = findings(c);
	OK(strstr(said.p, "checkpoint of 2199-01-01 has other sums") != NULL);
	OK(strstr(said.p, "signature of the checkpoint of 2199-01-01 does not hold") != NULL);
	OK(scene_close(c, s));
}

STORE_TEST(a_checkpoint_by_another_key_is_found)
{
	static struct app other = { .secret = (const unsigned char *)"another secret of 32 bytes....." };
	struct scene scene;

	two_days(c, s, &scene);
	c->app = &other;
	EQ(make_all(c), 1);
	c->app = &app;
	OK(strstr(findings(c).p, "is signed with another key") != NULL);
	OK(scene_close(c, s));
}
