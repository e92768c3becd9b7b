/* SPDX-License-Identifier: Apache-2.0 */
#include "restate/stand.h"

#include "base/check.h"
#include "event/scene.h"
#include "ledger/balance.h"
#include "partner/partner.h"
#include "restate/line.h"
#include "restate/trial.h"
#include "verify/verify.h"
#include "whatif/whatif.h"

#define PLAIN(percent) \
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"" percent "\"}}"

/* A part of the seller's commission for the one above. */
#define CHAIN(percent, above) \
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"" percent "\"}," \
	"\"chain\":{\"mode\":\"on_top\",\"levels\":[{\"percent\":\"" above "\"}]}}"

/* 20 %, and from so much revenue on 30 %. */
#define TIERS(from) \
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"},\"tiers\":" \
	"{\"by\":\"revenue\",\"steps\":[{\"from\":" from ",\"reward\":{\"type\":\"percentage\"," \
	"\"value\":\"30\"}}]}}"

/*
 * Sales of 100.00, 100.00 (half of it refunded) and 100.00 at 20 %: nobody counted. The chosen terms
 * give 30 % from 150.00 on, and the second's refund takes the 200.00 down to that: 20 + 10 + 30.
 */
STORE_TEST(tiers_that_nobody_counted_are_counted_again_less_refunds)
{
	struct restatement r;
	struct scene scene;

	OK(scene_open(c, s, &scene, PLAIN("20")));
	trial_sell(c, scene.partner_id, "s1", 10000);
	trial_sell(c, scene.partner_id, "s2", 10000);
	trial_refund(c, "r2", "s2", 5000);
	trial_sell(c, scene.partner_id, "s3", 10000);
	trial_sell(c, 0, "nobody", 10000);
	r = trial_post(c, scene.campaign_id, TIERS("15000"));
	EQ(r.stands, 1);
	EQ(trial_line_of(c, &r, scene.partner_id).raised, 1);
	EQ(trial_owed(c, scene.partner_id), 6000);
	trial_proves(c);
	trial_refund(c, "r3", "s3", 0);
	trial_work(c);
	EQ(trial_owed(c, scene.partner_id), 3000);
	trial_proves(c);
	OK(scene_close(c, s));
}

STORE_TEST(what_was_counted_again_and_falsified_is_found)
{
	static const struct sql falsify = {
		.text = "UPDATE restatement_input SET inputs = replace(inputs, '[10000,', '[10001,')"
		        " WHERE org_id = $1",
	};
	struct scene scene;
	struct str said;

	OK(scene_open(c, s, &scene, PLAIN("20")));
	trial_sell(c, scene.partner_id, "s1", 10000);
	trial_sell(c, scene.partner_id, "s2", 5000);
	trial_post(c, scene.campaign_id, TIERS("10000"));
	trial_proves(c);
	OK(db_exec(c, &falsify, NO_ARGS));
	EQ(trial_findings(c, &said), 1);
	OK(strstr(said.p, "judged by counters (revenue 10001, sales 1) that a recount") != NULL);
	OK(scene_close(c, s));
}

STORE_TEST(levels_that_nobody_looked_at_are_those_of_the_time)
{
	struct partner_new p = { .name = STR("Ann"), .email = STR("ann@example.com"), .status = -1 };
	struct partner ann, moved;
	struct scene scene;

	OK(scene_open(c, s, &scene, PLAIN("20")));
	p.campaign_id = scene.campaign_id;
	p.parent_id = scene.partner_id;
	OK(partner_enrol(c, &p, &ann));
	trial_sell(c, ann.id, "s1", 10000);
	c->now_ms += MS_PER_DAY;
	moved = ann;
	moved.parent_id = 0;
	OK(partner_update(c, &ann, &moved));
	trial_sell(c, ann.id, "s2", 10000);
	trial_post(c, scene.campaign_id, CHAIN("20", "10"));
	EQ(trial_owed(c, ann.id), 4000);
	EQ(trial_owed(c, scene.partner_id), 200);
	trial_proves(c);
	OK(scene_close(c, s));
}

/* What other terms would have cost is what the preview comes to, and what is owed once it is posted. */
STORE_TEST(a_run_comes_to_what_the_what_if_foretells)
{
	static const char *const documents[] = { TIERS("15000"), CHAIN("25", "10"), PLAIN("5") };
	struct partner_new p = { .name = STR("Ann"), .email = STR("ann@example.com"), .status = -1 };
	struct partner ann;
	struct scene scene;

	OK(scene_open(c, s, &scene, PLAIN("20")));
	p.campaign_id = scene.campaign_id;
	p.parent_id = scene.partner_id;
	OK(partner_enrol(c, &p, &ann));
	for (int i = 0; i < 12; i++) {
		trial_sell(c, i % 3 ? ann.id : scene.partner_id, arena_printf(c->arena, "s%d", i).p,
		     1000 + 777 * i);
		c->now_ms += 5 * MS_PER_DAY;
		if (i % 4 == 1)
			trial_refund(c, arena_printf(c->arena, "r%d", i).p,
			       arena_printf(c->arena, "s%d", i - 1).p, i % 8 == 1 ? 0 : 500);
	}
	for (size_t i = 0; i < LEN(documents); i++) {
		struct whatif_ask ask = { .campaign_id = scene.campaign_id,
			                  .terms = str_from(documents[i]) };
		struct whatif foretold;

		OK(whatif_run(c, &ask, &foretold));
		trial_post(c, scene.campaign_id, documents[i]);
		EQ(trial_owed(c, ann.id) + trial_owed(c, scene.partner_id), whatif_cost(&foretold.new));
		trial_proves(c);
	}
	OK(scene_close(c, s));
}
