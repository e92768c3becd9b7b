/* SPDX-License-Identifier: Apache-2.0 */
#include "statements.h"

#include "access/access.h"
#include "access/idempotency.h"
#include "audit/audit.h"
#include "calendar/calendar.h"
#include "calendar/click_hours.h"
#include "calendar/true_up.h"
#include "calendar/true_up_sum.h"
#include "campaign/campaign.h"
#include "campaign/campaign_api.h"
#include "campaign/terms_cache.h"
#include "campaign/terms_version.h"
#include "change/change.h"
#include "click/drain_batch.h"
#include "click/lookup.h"
#include "click/own_device.h"
#include "commission/commission.h"
#include "commission/commission_api.h"
#include "connect/stripe_api.h"
#include "connect/hook.h"
#include "connect/provider.h"
#include "customer/account.h"
#include "customer/customer.h"
#include "customer/customer_api.h"
#include "customer/owner.h"
#include "customer/referral.h"
#include "customer/touch.h"
#include "db/model_sql.h"
#include "db/sql_text.h"
#include "deal/claim.h"
#include "deal/conflict.h"
#include "deal/deal.h"
#include "deal/deal_api.h"
#include "deal/deal_history.h"
#include "deal/deal_search.h"
#include "deal/deal_share.h"
#include "deal/protected_account.h"
#include "event/churn.h"
#include "event/concern.h"
#include "event/dispute.h"
#include "event/earn.h"
#include "event/event.h"
#include "event/track_api.h"
#include "event/lead.h"
#include "event/parked.h"
#include "event/refund.h"
#include "event/reversal.h"
#include "event/standing.h"
#include "expansions.h"
#include "fx/fx_gap.h"
#include "fx/fx_rate.h"
#include "health.h"
#include "ledger/balance.h"
#include "ledger/checkpoint.h"
#include "ledger/ledger.h"
#include "ledger/position.h"
#include "ledger/ledger_api.h"
#include "link/code.h"
#include "link/link.h"
#include "link/link_api.h"
#include "org/org.h"
#include "org/tracking.h"
#include "org/workspace.h"
#include "org/zone.h"
#include "outbox/outbox.h"
#include "partner/engagement.h"
#include "partner/enrolment.h"
#include "partner/parent.h"
#include "partner/partner.h"
#include "partner/partner_api.h"
#include "partner/partner_search.h"
#include "payout/payout.h"
#include "payout/payout_api.h"
#include "payout/run.h"
#include "portal/portal_commission_web.h"
#include "portal/portal_event_web.h"
#include "portal/portal_home_web.h"
#include "portal/portal_team_web.h"
#include "portal/portal_web.h"
#include "report/report.h"
#include "report/recent.h"
#include "report/team.h"
#include "restate/line.h"
#include "restate/restated.h"
#include "restate/restatement.h"
#include "restate/spent.h"
#include "restate/stand.h"
#include "restate/sweep.h"
#include "restate/trued_up.h"
#include "restate/used.h"
#include "user/key.h"
#include "user/invitation.h"
#include "user/member.h"
#include "user/reset.h"
#include "user/session.h"
#include "web/overview_web.h"
#include "user/user.h"
#include "verify/notices.h"
#include "verify/owners.h"
#include "verify/reach.h"
#include "verify/books.h"
#include "verify/commission_walk.h"
#include "verify/entry_walk.h"
#include "verify/verify.h"
#include "verify/verify_balances.h"
#include "verify/verify_legs.h"
#include "webhook/delivery.h"
#include "webhook/webhook_api.h"
#include "whatif/whatif.h"

#define GROUP(name) { #name, name }

const struct statement_group statement_groups[] = {
	GROUP(access_sql),
	GROUP(account_sql),
	GROUP(audit_sql),
	GROUP(balance_sql),
	GROUP(books_sql),
	GROUP(calendar_sql),
	GROUP(campaign_sql),
	GROUP(change_sql),
	GROUP(checkpoint_sql),
	GROUP(click_hours_sql),
	GROUP(churn_sql),
	GROUP(claim_sql),
	GROUP(click_lookup_sql),
	GROUP(own_device_sql),
	GROUP(concern_sql),
	GROUP(code_sql),
	GROUP(commission_sql),
	GROUP(conflict_sql),
	GROUP(customer_sql),
	GROUP(deal_sql),
	GROUP(deal_search_sql),
	GROUP(deal_history_sql),
	GROUP(deal_share_sql),
	GROUP(delivery_sql),
	GROUP(dispute_sql),
	GROUP(drain_sql),
	GROUP(earn_sql),
	GROUP(endpoint_sql),
	GROUP(engagement_sql),
	GROUP(enrolment_sql),
	GROUP(event_sql),
	GROUP(fx_rate_sql),
	GROUP(fx_gap_sql),
	GROUP(health_sql),
	GROUP(hook_sql),
	GROUP(idempotency_sql),
	GROUP(key_sql),
	GROUP(lead_sql),
	GROUP(ledger_sql),
	GROUP(link_load_sql),
	GROUP(link_sql),
	GROUP(member_sql),
	GROUP(notices_sql),
	GROUP(org_sql),
	GROUP(outbox_sql),
	GROUP(tracking_sql),
	GROUP(overview_sql),
	GROUP(owner_sql),
	GROUP(owners_sql),
	GROUP(reach_sql),
	GROUP(parked_sql),
	GROUP(partner_sql),
	GROUP(partner_search_sql),
	GROUP(payout_sql),
	GROUP(position_sql),
	GROUP(portal_commission_sql),
	GROUP(portal_home_sql),
	GROUP(portal_web_sql),
	GROUP(portal_team_sql),
	GROUP(protected_account_sql),
	GROUP(provider_sql),
	GROUP(referral_sql),
	GROUP(refund_sql),
	GROUP(report_fold_sql),
	GROUP(reversal_sql),
	GROUP(recent_sql),
	GROUP(report_sql),
	GROUP(team_sql),
	GROUP(line_sql),
	GROUP(restated_sql),
	GROUP(restatement_sql),
	GROUP(spent_sql),
	GROUP(stand_sql),
	GROUP(sweep_sql),
	GROUP(trued_up_sql),
	GROUP(used_sql),
	GROUP(run_sql),
	GROUP(invitation_sql),
	GROUP(reset_sql),
	GROUP(session_sql),
	GROUP(standing_sql),
	GROUP(terms_cache_sql),
	GROUP(terms_sql),
	GROUP(parent_sql),
	GROUP(touch_sql),
	GROUP(true_up_fold_sql),
	GROUP(true_up_sql),
	GROUP(true_up_sum_sql),
	GROUP(user_sql),
	GROUP(commission_walk_sql),
	GROUP(entry_walk_sql),
	GROUP(verify_clicks_sql),
	GROUP(verify_balances_sql),
	GROUP(verify_legs_sql),
	GROUP(verify_replay_sql),
	GROUP(verify_restated_sql),
	GROUP(verify_stood_sql),
	GROUP(verify_sql),
	GROUP(verify_standing_sql),
	GROUP(verify_parents_sql),
	GROUP(whatif_extra_sql),
	GROUP(whatif_past_sql),
	GROUP(whatif_sql),
	GROUP(whatif_unclaimed_sql),
	GROUP(workspace_sql),
	GROUP(zone_sql),
	{ NULL, NULL },
};

const struct model *const statement_models[] = {
	&balance_model, &campaign_model, &code_model,  &commission_model, &customer_model,
	&deal_model, &deal_history_model, &deal_share_model, &protected_account_model,
	&delivery_model, &endpoint_model, &enrolment_model, &event_model,
	&link_model, &message_model, &partner_model, &payout_item_model,
	&org_model, &payout_model, &run_model, &session_model, &terms_model, &touch_model, &user_model,
	&workspace_model, NULL,
};

const struct list_spec *const statement_lists[] = {
	&campaign_list_spec, &code_list_spec,    &commission_list, &customer_list_spec,
	&deal_list_spec,     &protected_account_list_spec,
	&delivery_list,      &message_list_spec,
	&enrolment_list_spec, &event_list,       &portal_event_spec, &hook_list,     &ledger_list,
	&link_list_spec,     &partner_list_spec, &payout_list,     &run_list,
	&terms_list_spec,    NULL,
};

static bool each_group(const struct statement_visit *v)
{
	for (const struct statement_group *g = statement_groups; g->name; g++)
		for (size_t i = 0; g->sql[i]; i++)
			if (!v->fn(v, arena_printf(v->c->arena, "%s %zu", g->name, i).p, g->sql[i]))
				return false;
	return true;
}

static bool regular(const struct statement_visit *v, const struct model *m, const char *what,
                    const struct sql *q)
{
	return !q->text || v->fn(v, arena_printf(v->c->arena, "%s %s", m->name, what).p, q);
}

static bool each_model(const struct statement_visit *v)
{
	for (size_t i = 0; statement_models[i]; i++) {
		const struct model *m = statement_models[i];
		const struct model_sql *s = model_sql(m);

		if (!regular(v, m, "insert", &s->insert) || !regular(v, m, "update", &s->update)
		    || !regular(v, m, "get", &s->get))
			return false;
	}
	return true;
}

/* Both directions of a list led by one filter. */
static bool each_way(const struct statement_visit *v, const struct list_spec *l, size_t lead)
{
	const char *by = lead == l->filter_count ? "id" : list_param(l, &l->filters[lead]);
	struct str name = arena_printf(v->c->arena, "%s list by %s", l->model->name, by);

	return v->fn(v, name.p, list_sql(l, lead, false))
	    && v->fn(v, name.p, list_sql(l, lead, true));
}

static bool each_list(const struct statement_visit *v)
{
	for (size_t i = 0; statement_lists[i]; i++) {
		const struct list_spec *l = statement_lists[i];

		for (size_t lead = 0; lead <= l->filter_count; lead++)
			if ((lead == l->filter_count || list_can_lead(&l->filters[lead]))
			    && !each_way(v, l, lead))
				return false;
	}
	return true;
}

static bool each_expansion(const struct statement_visit *v)
{
	for (const struct expansion *row = expansions; row->of; row++) {
		struct str name;

		if (!row->list)
			continue;
		name = arena_printf(v->c->arena, "%s expanded with %s", row->of, row->member);
		if (!v->fn(v, name.p, expand_sql(row)))
			return false;
	}
	return true;
}

bool statements_each(const struct statement_visit *v)
{
	return each_group(v)
	    && each_model(v)
	    && each_list(v)
	    && each_expansion(v);
}

static bool print(const struct statement_visit *v, const char *name, const struct sql *q)
{
	struct buf *out = v->arg;

	buf_printf(out, "-- %s%s\n", name, q->control ? " (control data)" : "");
	sql_text(q, SQL_POSTGRES, out);
	buf_puts(out, ";\n");
	return true;
}

void statements_print(struct ctx *c, struct buf *out)
{
	statements_each(&(struct statement_visit){ c, out, print });
}
