/* SPDX-License-Identifier: Apache-2.0 */
#include "web/badge.h"
#include "campaign/campaign.h"
#include "commission/commission.h"
#include "connect/hook.h"
#include "data/json.h"
#include "link/code.h"
#include "link/link.h"
#include "org/org.h"
#include "partner/partner.h"
#include "payout/payout.h"
#include "payout/run.h"
#include "unit.h"

static void check_all(struct ctx *c, const char *noun, const char *const *names)
{
	for (size_t i = 0; names[i]; i++) {
		json_t *badge = badge_view(str_from(noun), str_from(names[i]));

		if (!badge)
			FAIL("%s has no badge for %s", noun, names[i]);
		OK(json_text(json_object_get(badge, "text")).n > 0);
		OK(json_text(json_object_get(badge, "icon")).n > 0);
		OK(json_text(json_object_get(badge, "means")).n > 0);
		json_decref(badge);
	}
}

TEST(every_status_has_an_icon_a_word_and_a_meaning)
{
	check_all(c, "commission", commission_status_names);
	check_all(c, "partner", partner_status_names);
	check_all(c, "enrolment", partner_status_names);
	check_all(c, "payout", payout_status_names);
	check_all(c, "payout_run", run_status_names);
	check_all(c, "campaign", campaign_status_names);
	check_all(c, "hook", hook_status_names);
	check_all(c, "link", link_status_names);
	check_all(c, "code", code_status_names);
	check_all(c, "organisation", org_status_names);
}

TEST(a_row_without_a_status_gets_no_badge)
{
	json_t *row = json_object();

	badge_put(row);
	EQ(json_object_size(row), 0);
	json_decref(row);
}
