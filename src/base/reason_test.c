/* SPDX-License-Identifier: Apache-2.0 */
#include "base/reason.h"
#include "unit.h"

static struct str said(struct ctx *c, const char *field, const char *msg)
{
	fail(c, ERR_INVALID, field, "%s", msg);
	return reason_text(c->arena, &c->err);
}

TEST(a_reason_that_leaves_out_what_it_is_about_gets_its_field_in_front)
{
	EQ_STR(said(c, "amount", "must be at least 1"), "amount must be at least 1");
	EQ_STR(said(c, "customer/id", "is required"), "customer/id is required");
	EQ_STR(said(c, "0/status", "must be one of: paid"), "item 0: status must be one of: paid");
	EQ_STR(said(c, "12/customer/id", "is required"), "item 12: customer/id is required");
	EQ_STR(said(c, "Stripe-Signature", "was made long ago"),
	       "Stripe-Signature was made long ago");
	EQ_STR(said(c, "occurred_at", "lies more than a day in the future"),
	       "occurred_at lies more than a day in the future");
}

TEST(a_reason_that_says_it_all_is_left_alone)
{
	EQ_STR(said(c, "limit", "limit must be a number"), "limit must be a number");
	EQ_STR(said(c, "campaign", "there is no such campaign"), "there is no such campaign");
	EQ_STR(said(c, NULL, "must be an object"), "must be an object");
}
