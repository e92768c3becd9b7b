/* SPDX-License-Identifier: Apache-2.0 */
#include "restate/stand.h"

#include "base/check.h"
#include "partner/partner.h"
#include "restate/trial.h"

/*
 * Sales of 100.00, 100.00 (half of it refunded) and 100.00 at 20 %: nobody counted. The chosen terms
 * give 30 % from 150.00 on, and the second's refund takes the 200.00 down to that: 20 + 10 + 30.
 */
STORE_TEST(tiers_that_nobody_counted_are_counted_again_less_refunds)
{
	struct restatement r;
	struct scene scene;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	trial_sell(c, scene.partner_id, "s1", 10000);
	trial_sell(c, scene.partner_id, "s2", 10000);
	trial_refund(c, "r2", "s2", 5000);
	trial_sell(c, scene.partner_id, "s3", 10000);
	trial_sell(c, 0, "nobody", 10000);
	r = trial_post(c, scene.campaign_id, TRIAL_TIERS("15000", ""));
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

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	trial_sell(c, scene.partner_id, "s1", 10000);
	trial_sell(c, scene.partner_id, "s2", 5000);
	trial_post(c, scene.campaign_id, TRIAL_TIERS("10000", ""));
	trial_proves(c);
	OK(db_exec(c, &falsify, NO_ARGS));
	EQ(trial_findings(c, &said), 1);
	OK(strstr(said.p, "judged by counters (revenue 10001, sales 1) that a recount") != NULL);
	OK(scene_close(c, s));
}

STORE_TEST(levels_that_nobody_looked_at_are_those_of_the_time)
{
	struct partner ann, moved;
	struct scene scene;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	OK(partner_get(c, trial_recruit(c, &scene), &ann));
	trial_sell(c, ann.id, "s1", 10000);
	c->now_ms += MS_PER_DAY;
	moved = ann;
	moved.parent_id = 0;
	OK(partner_update(c, &ann, &moved));
	trial_sell(c, ann.id, "s2", 10000);
	trial_post(c, scene.campaign_id, TRIAL_CHAIN("20", "10"));
	EQ(trial_owed(c, ann.id), 4000);
	EQ(trial_owed(c, scene.partner_id), 200);
	trial_proves(c);
	OK(scene_close(c, s));
}

STORE_TEST(a_run_comes_to_what_the_what_if_foretells)
{
	static const char *const documents[] = {
		TRIAL_TIERS("15000", ""), TRIAL_CHAIN("25", "10"), TRIAL_PLAIN("5"), NULL,
	};
	struct scene scene;

	OK(scene_open(c, s, &scene, TRIAL_PLAIN("20")));
	trial_eighty_days(c, &scene);
	trial_foretold(c, &scene, documents);
	OK(scene_close(c, s));
}
