/* SPDX-License-Identifier: Apache-2.0 */
#include "event/about.h"

#include "data/json.h"
#include "unit.h"

TEST(what_can_be_taken_back_is_what_a_body_may_name)
{
	for (int64_t type = 0; type < EVENT_TYPES; type++) {
		json_t *body = json_own(c->arena, json_object());
		int64_t named = -1;

		json_set_str(body, "event_type", str_from(event_type_names[type]));
		EQ(about_read(c, body, "event_type", &named), about_possible(type));
		EQ(named, about_possible(type) ? type : -1);
		fail_clear(c);
	}
}

TEST(a_body_that_names_no_event_leaves_it_at_a_sale_and_a_wrong_one_hears_which_there_are)
{
	json_t *body = json_own(c->arena, json_object());
	int64_t type = EVENT_SALE;

	OK(about_read(c, body, "event_type", &type));
	EQ(type, EVENT_SALE);
	json_set_str(body, "event_type", STR("click"));
	NO(about_read(c, body, "event_type", &type));
	EQ_STR(c->err.msg, "must be one of: lead, sale, qualified_referral, project_delivered,"
	                   " deal_closed, retainer, goal");
}
