/* SPDX-License-Identifier: Apache-2.0 */
#include "partner/partner_step.h"

#include "api/call.h"
#include "base/id.h"
#include "db/store.h"
#include "partner/enrolment.h"

#define CAMPAIGNS 2
#define WHOLE CAMPAIGNS
#define STEPS 5

/* One partner in two campaigns, and where all three stand. */
struct stage {
	int64_t partner_id;
	int64_t campaigns[CAMPAIGNS];
	struct partner partner;
	struct enrolment enrolments[CAMPAIGNS];
};

static void look(struct ctx *c, struct stage *s)
{
	bool found;

	OK(partner_get(c, s->partner_id, &s->partner));
	for (size_t i = 0; i < CAMPAIGNS; i++) {
		OK(enrolment_find(c, s->campaigns[i], s->partner_id, &s->enrolments[i], &found));
		OK(found);
	}
}

static void enrol(struct ctx *c, struct stage *s, size_t i, int64_t status)
{
	struct partner_new in = { .name = STR("A"), .email = STR("a@x.com"),
	                          .campaign_id = s->campaigns[i], .status = status };
	struct partner p;

	OK(partner_enrol(c, &in, &p));
	s->partner_id = p.id;
}

static void open_stage(struct ctx *c, struct store *store, struct stage *s)
{
	static const char *const slugs[CAMPAIGNS] = { "one", "two" };

	OK(call_begin(c, store, 1));
	for (size_t i = 0; i < CAMPAIGNS; i++) {
		OK(id_parse(ID_CAMPAIGN, str_from(call_campaign(c, slugs[i])), &s->campaigns[i]));
		enrol(c, s, i, PARTNER_PENDING);
	}
	look(c, s);
}

static bool take(struct ctx *c, struct stage *s, enum partner_step_kind kind, size_t where)
{
	struct partner_step step = { .campaign_id = where == WHOLE ? 0 : s->campaigns[where] };

	return partner_take_step(c, kind, s->partner_id, &step);
}

static int64_t status_at(const struct stage *s, size_t where)
{
	return where == WHOLE ? s->partner.status : s->enrolments[where].status;
}

static void stands(struct ctx *c, struct stage *s, int64_t one, int64_t two, int64_t whole)
{
	look(c, s);
	EQ(status_at(s, 0), one);
	EQ(status_at(s, 1), two);
	EQ(status_at(s, WHOLE), whole);
}

STORE_TEST(who_is_approved_after_being_declined_is_so_in_all_campaigns)
{
	struct stage t;

	open_stage(c, s, &t);
	OK(take(c, &t, PARTNER_DECLINE, WHOLE));
	stands(c, &t, PARTNER_DECLINED, PARTNER_DECLINED, PARTNER_DECLINED);
	OK(take(c, &t, PARTNER_APPROVE, WHOLE));
	stands(c, &t, PARTNER_APPROVED, PARTNER_APPROVED, PARTNER_APPROVED);
	OK(call_end(c, s));
}

STORE_TEST(who_is_approved_for_a_campaign_after_being_declined_is_no_declined_partner)
{
	struct stage t;

	open_stage(c, s, &t);
	OK(take(c, &t, PARTNER_DECLINE, WHOLE));
	OK(take(c, &t, PARTNER_APPROVE, 0));
	stands(c, &t, PARTNER_APPROVED, PARTNER_DECLINED, PARTNER_APPROVED);
	FAILS(take(c, &t, PARTNER_APPROVE, WHOLE), ERR_STATE, "status");
	OK(take(c, &t, PARTNER_SUSPEND, WHOLE));
	OK(take(c, &t, PARTNER_REINSTATE, WHOLE));
	stands(c, &t, PARTNER_APPROVED, PARTNER_DECLINED, PARTNER_APPROVED);
	OK(call_end(c, s));
}

STORE_TEST(who_is_declined_for_the_last_campaign_is_declined_as_a_partner)
{
	struct stage t;

	open_stage(c, s, &t);
	OK(take(c, &t, PARTNER_DECLINE, 0));
	stands(c, &t, PARTNER_DECLINED, PARTNER_PENDING, PARTNER_PENDING);
	OK(take(c, &t, PARTNER_DECLINE, 1));
	stands(c, &t, PARTNER_DECLINED, PARTNER_DECLINED, PARTNER_DECLINED);
	OK(call_end(c, s));
}

STORE_TEST(what_was_declined_on_its_own_stays_so_when_the_rest_is_approved)
{
	struct stage t;

	open_stage(c, s, &t);
	OK(take(c, &t, PARTNER_DECLINE, 0));
	OK(take(c, &t, PARTNER_APPROVE, WHOLE));
	stands(c, &t, PARTNER_DECLINED, PARTNER_APPROVED, PARTNER_APPROVED);
	OK(call_end(c, s));
}

STORE_TEST(nothing_is_decided_about_somebody_who_is_suspended)
{
	struct stage t;

	open_stage(c, s, &t);
	OK(take(c, &t, PARTNER_SUSPEND, WHOLE));
	for (size_t where = 0; where <= WHOLE; where++) {
		FAILS(take(c, &t, PARTNER_APPROVE, where), ERR_STATE, "status");
		FAILS(take(c, &t, PARTNER_DECLINE, where), ERR_STATE, "status");
	}
	OK(take(c, &t, PARTNER_BAN, WHOLE));
	OK(take(c, &t, PARTNER_REINSTATE, WHOLE));
	stands(c, &t, PARTNER_PENDING, PARTNER_PENDING, PARTNER_PENDING);
	OK(call_end(c, s));
}

STORE_TEST(a_declined_partner_waits_in_the_next_campaign_unless_a_status_is_given)
{
	static const int64_t given[] = { -1, PARTNER_APPROVED };
	static const int64_t becomes[] = { PARTNER_PENDING, PARTNER_APPROVED };

	for (size_t i = 0; i < LEN(given); i++) {
		struct stage t = { 0 };

		OK(call_begin(c, s, (int64_t)i + 1));
		OK(id_parse(ID_CAMPAIGN, str_from(call_campaign(c, "one")), &t.campaigns[0]));
		OK(id_parse(ID_CAMPAIGN, str_from(call_campaign(c, "two")), &t.campaigns[1]));
		enrol(c, &t, 0, PARTNER_PENDING);
		OK(take(c, &t, PARTNER_DECLINE, WHOLE));
		enrol(c, &t, 1, given[i]);
		stands(c, &t, PARTNER_DECLINED, becomes[i],
		       given[i] < 0 ? PARTNER_DECLINED : PARTNER_APPROVED);
		OK(call_end(c, s));
	}
}

/* What must hold wherever steps have led. */
static void holds(struct ctx *c, const struct stage *s)
{
	bool undecided = false;

	for (size_t i = 0; i < CAMPAIGNS; i++) {
		if (s->enrolments[i].decided_status == PARTNER_APPROVED)
			EQ(s->partner.decided_status, PARTNER_APPROVED);
		undecided |= s->enrolments[i].decided_status != PARTNER_DECLINED;
	}
	if (s->partner.decided_status == PARTNER_PENDING)
		OK(undecided);
}

/* By the steps that are possible, everybody can be made good from here. */
static void recover(struct ctx *c, struct stage *s)
{
	for (size_t i = 0; i <= WHOLE; i++)
		if (partner_step_possible(PARTNER_REINSTATE, status_at(s, i)))
			OK(take(c, s, PARTNER_REINSTATE, i));
	look(c, s);
	if (partner_step_possible(PARTNER_APPROVE, status_at(s, WHOLE)))
		OK(take(c, s, PARTNER_APPROVE, WHOLE));
	look(c, s);
	for (size_t i = 0; i < CAMPAIGNS; i++)
		if (partner_step_possible(PARTNER_APPROVE, status_at(s, i)))
			OK(take(c, s, PARTNER_APPROVE, i));
	stands(c, s, PARTNER_APPROVED, PARTNER_APPROVED, PARTNER_APPROVED);
}

/* A refusal changes nothing and says why; suspending or banning is undone by reinstating. */
static void try_step(struct ctx *c, struct stage *s, enum partner_step_kind kind, size_t where)
{
	struct stage before = *s;

	if (!take(c, s, kind, where)) {
		EQ(c->err.code, ERR_STATE);
		fail_clear(c);
		stands(c, s, status_at(&before, 0), status_at(&before, 1),
		       status_at(&before, WHOLE));
		return;
	}
	look(c, s);
	holds(c, s);
	if (kind != PARTNER_SUSPEND && kind != PARTNER_BAN)
		return;
	OK(take(c, s, PARTNER_REINSTATE, where));
	look(c, s);
	EQ(status_at(s, where), where == WHOLE ? before.partner.decided_status
	                                       : before.enrolments[where].decided_status);
	OK(take(c, s, kind, where));
	look(c, s);
}

/* Runs of three steps, each from where the one before it led; then back to good. */
STORE_TEST(no_steps_lead_into_a_dead_end)
{
	const size_t choices = STEPS * (CAMPAIGNS + 1);
	struct stage first, t;

	open_stage(c, s, &first);
	for (size_t run = 0; run < choices * choices; run++) {
		size_t steps[] = { run % choices, run / choices, (run * 7 + 3) % choices };

		t = first;
		OK(store_savepoint(c, c->db));
		for (size_t i = 0; i < LEN(steps); i++)
			try_step(c, &t, (enum partner_step_kind)(steps[i] / (CAMPAIGNS + 1)),
			         steps[i] % (CAMPAIGNS + 1));
		recover(c, &t);
		OK(store_savepoint_undo(c, c->db));
	}
	OK(call_end(c, s));
}
