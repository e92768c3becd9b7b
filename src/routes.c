/* SPDX-License-Identifier: Apache-2.0 */
#include "routes.h"
#include "audit/audit_api.h"
#include "audit/audit_web.h"
#include "base/check.h"
#include "campaign/campaign_api.h"
#include "campaign/campaign_web.h"
#include "campaign/terms_web.h"
#include "click/redirect.h"
#include "commission/commission_api.h"
#include "commission/commission_web.h"
#include "connect/stripe_api.h"
#include "customer/customer_api.h"
#include "customer/customer_web.h"
#include "deal/deal_api.h"
#include "deal/deal_web.h"
#include "event/event_web.h"
#include "event/track_api.h"
#include "fx/fx_api.h"
#include "health.h"
#include "ledger/ledger_api.h"
#include "ledger/ledger_web.h"
#include "link/link_api.h"
#include "link/link_web.h"
#include "openapi.h"
#include "org/org_api.h"
#include "org/settings_web.h"
#include "partner/enrolment_web.h"
#include "partner/partner_api.h"
#include "partner/partner_web.h"
#include "payout/payout_api.h"
#include "payout/payout_web.h"
#include "portal/portal_account_web.h"
#include "portal/portal_commission_web.h"
#include "portal/portal_customer_web.h"
#include "portal/portal_deal_web.h"
#include "portal/portal_event_web.h"
#include "portal/portal_home_web.h"
#include "portal/portal_link_web.h"
#include "portal/portal_payout_web.h"
#include "portal/portal_terms_web.h"
#include "portal/portal_team_web.h"
#include "portal/portal_web.h"
#include "report/team_api.h"
#include "restate/restatement_api.h"
#include "restate/restatement_web.h"
#include "user/access_web.h"
#include "user/account_web.h"
#include "user/door_web.h"
#include "user/invitation_api.h"
#include "user/invitation_web.h"
#include "user/key_api.h"
#include "user/member_api.h"
#include "user/sign_in_web.h"
#include "verify/books_api.h"
#include "web/assets.h"
#include "web/errors_web.h"
#include "web/home_web.h"
#include "web/overview_web.h"
#include "web/search_web.h"
#include "web/stripe_web.h"
#include "web/workspace_web.h"
#include "webhook/webhook_api.h"
#include "webhook/webhook_web.h"
#include "whatif/whatif_api.h"
#include "whatif/whatif_web.h"

#define GET METHOD_GET
#define POST METHOD_POST
#define PUT METHOD_PUT
#define PATCH METHOD_PATCH
#define DELETE METHOD_DELETE
#define API ROUTE_API
#define ONE (ROUTE_API | ROUTE_ONE) /* one object, which has an ETag */

/*
 * Every URL the server answers, in one place: who may, where it runs, what a key
 * needs, what it calls. tests/cases/routes.txt shows each change of it.
 */
const struct route routes[] = {
	/* For those who watch the server. */
	{ GET, "/healthz", ANYBODY, FAST, 0, NULL, health_live },
	{ GET, "/readyz", ANYBODY, CONTROL_READ, 0, NULL, health_ready },
	{ GET, "/metrics", ANYBODY, FAST, 0, NULL, health_metrics },

	/* For those who write programs. */
	{ GET, "/docs/errors", ANYBODY, CONTROL_READ, 0, NULL, errors_web_list },

	/* Access. */
	{ GET, "/sign-in", ANYBODY, CONTROL_READ, 0, NULL, sign_in_web_page },
	{ POST, "/sign-in", ANYBODY, SLOW, ROUTE_SAFE_POST, NULL, sign_in_web_post },
	{ POST, "/sign-out", SIGNED_IN, CONTROL_WRITE, 0, NULL, sign_in_web_out },
	{ GET, "/invite/:token", ANYBODY, CONTROL_READ, 0, NULL, door_web_invited },
	{ POST, "/invite/:token", ANYBODY, SLOW, 0, NULL, door_web_accept, door_web_invited },
	{ GET, "/reset/:token", ANYBODY, CONTROL_READ, 0, NULL, door_web_forgotten },
	{ POST, "/reset/:token", ANYBODY, SLOW, 0, NULL, door_web_reset, door_web_forgotten },
	{ GET, "/account", SIGNED_IN, CONTROL_READ, 0, NULL, account_web_show },
	{ POST, "/account/name", SIGNED_IN, CONTROL_WRITE, 0, NULL, account_web_name,
	  account_web_show },
	{ POST, "/account/password", SIGNED_IN, SLOW, 0, NULL, account_web_password,
	  account_web_show },
	{ POST, "/account/sessions/end", SIGNED_IN, CONTROL_WRITE, 0, NULL, account_web_end_others },
	{ POST, "/account/sessions/:id/end", SIGNED_IN, CONTROL_WRITE, 0, NULL, account_web_end },
	{ GET, "/api/v1/openapi.json", ANYBODY, FAST, API, NULL, openapi_api_get },
	{ GET, "/api/v1/organisation", VIEWER, CONTROL_READ, ONE, NULL, org_api_get },
	{ PATCH, "/api/v1/organisation", ADMIN, CONTROL_WRITE, API, "admin", org_api_update },
	{ GET, "/api/v1/organisations", VIEWER, CONTROL_READ, API, NULL, org_api_list },
	{ GET, "/api/v1/keys", ADMIN, CONTROL_READ, API, "admin", key_api_list },
	{ POST, "/api/v1/keys", ADMIN, CONTROL_WRITE, API, "admin", key_api_create },
	{ DELETE, "/api/v1/keys/:id", ADMIN, CONTROL_WRITE, API, "admin", key_api_revoke },
	{ GET, "/api/v1/members", ADMIN, CONTROL_READ, API, "admin", member_api_list },
	{ POST, "/api/v1/members", ADMIN, CONTROL_WRITE, API, "admin", member_api_put },
	{ DELETE, "/api/v1/members/:id", ADMIN, CONTROL_WRITE, API, "admin", member_api_remove },
	{ GET, "/api/v1/invitations", ADMIN, CONTROL_READ, API, "admin", invitation_api_list },
	{ POST, "/api/v1/invitations", ADMIN, CONTROL_WRITE, API, "admin", invitation_api_create },
	{ DELETE, "/api/v1/invitations/:id", ADMIN, CONTROL_WRITE, API, "admin",
	  invitation_api_withdraw },
	{ GET, "/api/v1/audit", ADMIN, READ, API, "admin", audit_api_list },

	/* Campaigns, partners, links. */
	{ GET, "/api/v1/campaigns", VIEWER, READ, API, "campaigns:read", campaign_api_list },
	{ POST, "/api/v1/campaigns", ADMIN, WRITE, API, "campaigns:write", campaign_api_create },
	{ GET, "/api/v1/campaigns/:id", VIEWER, READ, ONE, "campaigns:read", campaign_api_get },
	{ PATCH, "/api/v1/campaigns/:id", ADMIN, WRITE, API, "campaigns:write",
	  campaign_api_update },
	{ GET, "/api/v1/campaigns/:id/terms", VIEWER, READ, API, "campaigns:read",
	  campaign_api_terms_list },
	{ POST, "/api/v1/campaigns/:id/terms", ADMIN, WRITE, API, "campaigns:write",
	  campaign_api_terms_publish },
	{ GET, "/api/v1/campaigns/:id/terms/:version", VIEWER, READ, ONE, "campaigns:read",
	  campaign_api_terms_get },
	{ POST, "/api/v1/campaigns/:id/simulate", VIEWER, READ, API | ROUTE_MONEY,
	  "campaigns:read", whatif_api_simulate },
	{ POST, "/api/v1/campaigns/:id/restatements", ADMIN, WRITE, API | ROUTE_MONEY,
	  "commissions:write", restatement_api_create },
	{ GET, "/api/v1/restatements", VIEWER, READ, API | ROUTE_MONEY, "commissions:read",
	  restatement_api_list },
	{ GET, "/api/v1/restatements/:id", VIEWER, READ, ONE | ROUTE_MONEY, "commissions:read",
	  restatement_api_get },
	{ POST, "/api/v1/restatements/:id/approve", ADMIN, WRITE, API | ROUTE_MONEY,
	  "commissions:write", restatement_api_approve },
	{ POST, "/api/v1/restatements/:id/cancel", ADMIN, WRITE, API | ROUTE_MONEY,
	  "commissions:write", restatement_api_cancel },
	{ GET, "/api/v1/partners", VIEWER, READ, API, "partners:read", partner_api_list },
	{ POST, "/api/v1/partners", MANAGER, WRITE, API, "partners:write", partner_api_create },
	{ GET, "/api/v1/partners/:id", VIEWER, READ, ONE, "partners:read", partner_api_get },
	{ PATCH, "/api/v1/partners/:id", MANAGER, WRITE, API, "partners:write",
	  partner_api_update },
	{ POST, "/api/v1/partners/:id/approve", MANAGER, WRITE, API, "partners:write",
	  partner_api_approve },
	{ POST, "/api/v1/partners/:id/decline", MANAGER, WRITE, API, "partners:write",
	  partner_api_decline },
	{ POST, "/api/v1/partners/:id/suspend", MANAGER, WRITE, API, "partners:write",
	  partner_api_suspend },
	{ POST, "/api/v1/partners/:id/ban", MANAGER, WRITE, API, "partners:write",
	  partner_api_ban },
	{ POST, "/api/v1/partners/:id/reinstate", MANAGER, WRITE, API, "partners:write",
	  partner_api_reinstate },
	{ PUT, "/api/v1/partners/:id/override", ADMIN, WRITE, API, "partners:write",
	  partner_api_override_set },
	{ DELETE, "/api/v1/partners/:id/override", ADMIN, WRITE, API, "partners:write",
	  partner_api_override_clear },
	{ PUT, "/api/v1/partners/:id/group", MANAGER, WRITE, API, "partners:write",
	  partner_api_group_set },
	{ GET, "/api/v1/partners/:id/parents", VIEWER, READ, API, "partners:read",
	  team_api_parents },
	{ GET, "/api/v1/partners/:id/team", VIEWER, READ, API, "partners:read", team_api_show },
	{ GET, "/api/v1/enrolments", VIEWER, READ, API, "partners:read",
	  partner_api_enrolment_list },
	{ GET, "/api/v1/links", VIEWER, READ, API, "links:read", link_api_list },
	{ POST, "/api/v1/links", MANAGER, WRITE, API, "links:write", link_api_create },
	{ GET, "/api/v1/links/:id", VIEWER, READ, ONE, "links:read", link_api_get },
	{ PATCH, "/api/v1/links/:id", MANAGER, WRITE, API, "links:write", link_api_update },
	{ GET, "/api/v1/codes", VIEWER, READ, API, "links:read", link_api_code_list },
	{ POST, "/api/v1/codes", MANAGER, WRITE, API, "links:write", link_api_code_create },
	{ GET, "/api/v1/codes/:id", VIEWER, READ, ONE, "links:read", link_api_code_get },
	{ PATCH, "/api/v1/codes/:id", MANAGER, WRITE, API, "links:write", link_api_code_update },
	{ GET, "/api/v1/customers", VIEWER, READ, API, "customers:read", customer_api_list },
	{ GET, "/api/v1/customers/:id", VIEWER, READ, ONE, "customers:read", customer_api_get },
	{ PATCH, "/api/v1/customers/:id", MANAGER, WRITE, API, "customers:write",
	  customer_api_update },

	/* Deals. */
	{ GET, "/api/v1/deals", VIEWER, READ, API, "deals:read", deal_api_list },
	{ POST, "/api/v1/deals", MANAGER, WRITE, API, "deals:write", deal_api_create },
	{ GET, "/api/v1/deals/:id", VIEWER, READ, ONE, "deals:read", deal_api_get },
	{ PATCH, "/api/v1/deals/:id", MANAGER, WRITE, API, "deals:write", deal_api_update },
	{ POST, "/api/v1/deals/:id/approve", MANAGER, WRITE, API, "deals:write",
	  deal_api_approve },
	{ POST, "/api/v1/deals/:id/decline", MANAGER, WRITE, API, "deals:write",
	  deal_api_decline },
	{ POST, "/api/v1/deals/:id/extend", MANAGER, WRITE, API, "deals:write", deal_api_extend },
	{ POST, "/api/v1/deals/:id/win", MANAGER, WRITE, API, "deals:write", deal_api_win },
	{ POST, "/api/v1/deals/:id/lose", MANAGER, WRITE, API, "deals:write", deal_api_lose },
	{ GET, "/api/v1/protected-accounts", VIEWER, READ, API | ROUTE_PERSONAL, "deals:read",
	  protected_account_api_list },
	{ POST, "/api/v1/protected-accounts", ADMIN, WRITE, API | ROUTE_PERSONAL, "deals:write",
	  protected_account_api_create },
	{ DELETE, "/api/v1/protected-accounts/:id", ADMIN, WRITE, API | ROUTE_PERSONAL,
	  "deals:write", protected_account_api_remove },

	/* What happens. */
	{ POST, "/api/v1/track/click", MANAGER, READ, API, "track:write", track_api_click },
	{ POST, "/api/v1/track/lead", MANAGER, WRITE, API, "track:write", track_api_lead,
	  .read = track_api_lead_read, .ahead = track_api_ahead },
	{ POST, "/api/v1/track/sale", MANAGER, WRITE, API, "track:write", track_api_sale,
	  .read = track_api_sale_read, .ahead = track_api_ahead },
	{ POST, "/api/v1/track/refund", MANAGER, WRITE, API, "track:write", track_api_refund },
	{ POST, "/api/v1/track/dispute", MANAGER, WRITE, API, "track:write", track_api_dispute },
	{ POST, "/api/v1/track/churn", MANAGER, WRITE, API, "track:write", track_api_churn },
	{ POST, "/api/v1/track/event", MANAGER, WRITE, API, "track:write", track_api_event },
	{ POST, "/api/v1/track/batch", MANAGER, WRITE, API, "track:write", track_api_batch },
	{ GET, "/api/v1/events", VIEWER, READ, API, "events:read", event_api_list },
	{ GET, "/api/v1/events/:id", VIEWER, READ, ONE, "events:read", event_api_get },
	{ POST, "/api/v1/hooks/stripe/:org", ANYBODY, WRITE, API | ROUTE_RAW, NULL,
	  stripe_api_hook },
	{ GET, "/api/v1/hooks", ADMIN, READ, API, "admin", hook_api_list },
	{ GET, "/api/v1/hooks/:id", ADMIN, READ, ONE | ROUTE_MONEY | ROUTE_PERSONAL, "admin",
	  hook_api_get },
	{ GET, "/api/v1/providers/stripe", ADMIN, READ, ONE, "admin", stripe_api_get },
	{ PUT, "/api/v1/providers/stripe", ADMIN, WRITE, API, "admin", stripe_api_put },
	{ DELETE, "/api/v1/providers/stripe", ADMIN, WRITE, API, "admin", stripe_api_remove },

	/* What the world is told. Bodies have amounts. */
	{ GET, "/api/v1/webhook-endpoints", ADMIN, READ, API | ROUTE_MONEY, "admin",
	  endpoint_api_list },
	{ POST, "/api/v1/webhook-endpoints", ADMIN, WRITE, API | ROUTE_MONEY, "admin",
	  endpoint_api_create },
	{ GET, "/api/v1/webhook-endpoints/:id", ADMIN, READ, ONE | ROUTE_MONEY, "admin",
	  endpoint_api_get },
	{ PATCH, "/api/v1/webhook-endpoints/:id", ADMIN, WRITE, API | ROUTE_MONEY, "admin",
	  endpoint_api_update },
	{ DELETE, "/api/v1/webhook-endpoints/:id", ADMIN, WRITE, API | ROUTE_MONEY, "admin",
	  endpoint_api_remove },
	{ POST, "/api/v1/webhook-endpoints/:id/rotate", ADMIN, WRITE, API | ROUTE_MONEY, "admin",
	  endpoint_api_rotate },
	{ POST, "/api/v1/webhook-endpoints/:id/test", ADMIN, WRITE, API | ROUTE_MONEY, "admin",
	  endpoint_api_test },
	{ POST, "/api/v1/webhook-endpoints/:id/replay", ADMIN, WRITE, API | ROUTE_MONEY, "admin",
	  endpoint_api_replay },
	{ GET, "/api/v1/webhook-deliveries", ADMIN, READ, API | ROUTE_MONEY, "admin",
	  delivery_api_list },
	{ GET, "/api/v1/webhook-deliveries/:id", ADMIN, READ, ONE | ROUTE_MONEY, "admin",
	  delivery_api_get },
	{ POST, "/api/v1/webhook-deliveries/:id/replay", ADMIN, WRITE, API | ROUTE_MONEY, "admin",
	  delivery_api_replay },
	{ GET, "/api/v1/messages", ADMIN, READ, API | ROUTE_MONEY, "admin", message_api_list },
	{ GET, "/api/v1/messages/:id", ADMIN, READ, ONE | ROUTE_MONEY, "admin", message_api_get },

	/* Money. */
	{ GET, "/api/v1/commissions", VIEWER, READ, API, "commissions:read", commission_api_list },
	{ GET, "/api/v1/commissions/:id", VIEWER, READ, ONE, "commissions:read",
	  commission_api_get },
	{ POST, "/api/v1/commissions/:id/approve", MANAGER, WRITE, API | ROUTE_MONEY,
	  "commissions:write", commission_api_approve },
	{ POST, "/api/v1/commissions/:id/hold", MANAGER, WRITE, API | ROUTE_MONEY,
	  "commissions:write",
	  commission_api_hold },
	{ POST, "/api/v1/commissions/:id/release", MANAGER, WRITE, API | ROUTE_MONEY,
	  "commissions:write", commission_api_release },
	{ POST, "/api/v1/commissions/:id/reject", MANAGER, WRITE, API | ROUTE_MONEY,
	  "commissions:write", commission_api_reject },
	{ GET, "/api/v1/balances", VIEWER, READ, API | ROUTE_MONEY, "ledger:read",
	  balance_api_list },
	{ GET, "/api/v1/fx/rates", VIEWER, CONTROL_READ, API, "fx:read", fx_api_rates },
	{ GET, "/api/v1/ledger/entries", VIEWER, READ, API | ROUTE_MONEY, "ledger:read",
	  ledger_api_list },
	{ GET, "/api/v1/ledger/checkpoints", VIEWER, READ, API | ROUTE_MONEY, "ledger:read",
	  checkpoint_api_list },
	{ GET, "/api/v1/ledger/export", VIEWER, READ, API | ROUTE_MONEY, "ledger:read",
	  books_api_ledger },
	{ GET, "/api/v1/partners/:id/statement", VIEWER, READ, API | ROUTE_MONEY, "ledger:read",
	  books_api_statement },
	{ GET, "/api/v1/ledger/entries/:id", VIEWER, READ, ONE | ROUTE_MONEY, "ledger:read",
	  ledger_api_get },
	{ GET, "/api/v1/payouts", VIEWER, READ, API | ROUTE_MONEY, "payouts:read",
	  payout_api_list },
	{ GET, "/api/v1/payouts/:id", VIEWER, READ, ONE | ROUTE_MONEY, "payouts:read",
	  payout_api_get },
	{ GET, "/api/v1/payout-runs", VIEWER, READ, API | ROUTE_MONEY, "payouts:read",
	  run_api_list },
	{ POST, "/api/v1/payout-runs", ADMIN, WRITE, API | ROUTE_MONEY | ROUTE_KEYED,
	  "payouts:write",
	  run_api_create },
	{ GET, "/api/v1/payout-runs/:id", VIEWER, READ, ONE | ROUTE_MONEY, "payouts:read",
	  run_api_get },
	{ GET, "/api/v1/payout-runs/:id/export.csv", ADMIN, READ,
	  API | ROUTE_MONEY | ROUTE_PERSONAL,
	  "payouts:read", run_api_export },
	{ POST, "/api/v1/payout-runs/:id/approve", ADMIN, WRITE, API | ROUTE_MONEY, "payouts:write",
	  run_api_approve },
	{ POST, "/api/v1/payout-runs/:id/cancel", ADMIN, WRITE, API | ROUTE_MONEY, "payouts:write",
	  run_api_cancel },
	{ POST, "/api/v1/payout-runs/:id/results", ADMIN, WRITE, API | ROUTE_MONEY, "payouts:write",
	  run_api_results },

	/* Pages of the operators. */
	{ GET, "/", SIGNED_IN, CONTROL_READ, 0, NULL, home_web },
	{ GET, "/assets/:file", ANYBODY, FAST, 0, NULL, assets_web },
	{ GET, "/workspace/:id", SIGNED_IN, SLOW, 0, NULL, workspace_web_show },
	{ GET, "/app/:org", VIEWER, READ, 0, NULL, overview_web_show },
	{ GET, "/app/:org/search", VIEWER, READ, 0, NULL, search_web },

	{ GET, "/app/:org/partners", VIEWER, READ, 0, NULL, partner_web_list },
	{ GET, "/app/:org/partners.csv", VIEWER, READ, 0, NULL, partner_web_csv },
	{ GET, "/app/:org/partners/new", MANAGER, READ, 0, NULL, partner_web_new },
	{ POST, "/app/:org/partners", MANAGER, WRITE, 0, NULL, partner_web_create,
	  partner_web_new },
	{ GET, "/app/:org/partners/:id", VIEWER, READ, 0, NULL, partner_web_show },
	{ GET, "/app/:org/partners/:id/edit", MANAGER, READ, ROUTE_PERSONAL, NULL,
	  partner_web_edit },
	{ POST, "/app/:org/partners/:id", MANAGER, WRITE, ROUTE_PERSONAL, NULL, partner_web_save,
	  partner_web_edit },
	{ POST, "/app/:org/partners/:id/override", ADMIN, WRITE, ROUTE_MONEY, NULL,
	  enrolment_web_override, partner_web_show },
	{ POST, "/app/:org/partners/:id/override-clear", ADMIN, WRITE, ROUTE_MONEY, NULL,
	  enrolment_web_override_clear, partner_web_show },
	{ POST, "/app/:org/partners/:id/invite", MANAGER, CONTROL_WRITE,
	  ROUTE_MONEY | ROUTE_PERSONAL, NULL, invitation_web_create_partner, partner_web_show },
	{ POST, "/app/:org/partners/:id/group", MANAGER, WRITE, 0, NULL, enrolment_web_group,
	  partner_web_show },
	{ POST, "/app/:org/partners/:id/:step", MANAGER, WRITE, 0, NULL, partner_web_step,
	  partner_web_show },

	{ GET, "/app/:org/campaigns", VIEWER, READ, 0, NULL, campaign_web_list },
	{ GET, "/app/:org/campaigns/new", ADMIN, READ, 0, NULL, campaign_web_new },
	{ POST, "/app/:org/campaigns", ADMIN, WRITE, 0, NULL, campaign_web_create,
	  campaign_web_new },
	{ GET, "/app/:org/campaigns/:id", VIEWER, READ, 0, NULL, campaign_web_show },
	{ GET, "/app/:org/campaigns/:id/edit", ADMIN, READ, 0, NULL, campaign_web_edit },
	{ POST, "/app/:org/campaigns/:id", ADMIN, WRITE, 0, NULL, campaign_web_save,
	  campaign_web_edit },
	{ GET, "/app/:org/campaigns/:id/versions", VIEWER, READ, 0, NULL, terms_web_versions },
	{ GET, "/app/:org/campaigns/:id/terms", ADMIN, READ, 0, NULL, terms_web_edit },
	{ POST, "/app/:org/campaigns/:id/terms", ADMIN, WRITE, 0, NULL, terms_web_publish,
	  terms_web_again },
	{ GET, "/app/:org/campaigns/:id/terms/draft", ADMIN, READ, 0, NULL, terms_web_edit },
	{ POST, "/app/:org/campaigns/:id/terms/draft", ADMIN, READ, 0, NULL, terms_web_draft,
	  terms_web_draft },
	{ GET, "/app/:org/campaigns/:id/what-if", VIEWER, READ, ROUTE_MONEY, NULL,
	  whatif_web_show },
	{ POST, "/app/:org/campaigns/:id/what-if", VIEWER, READ, ROUTE_MONEY, NULL, whatif_web_run,
	  whatif_web_show },
	{ GET, "/app/:org/campaigns/:id/restate", ADMIN, READ, ROUTE_MONEY, NULL,
	  restatement_web_new },
	{ POST, "/app/:org/campaigns/:id/restate", ADMIN, WRITE, ROUTE_MONEY, NULL,
	  restatement_web_create, restatement_web_new },
	{ GET, "/app/:org/restatements/:id", VIEWER, READ, ROUTE_MONEY, NULL,
	  restatement_web_show },
	{ POST, "/app/:org/restatements/:id/approve", ADMIN, WRITE, ROUTE_MONEY, NULL,
	  restatement_web_approve, restatement_web_show },
	{ POST, "/app/:org/restatements/:id/cancel", ADMIN, WRITE, ROUTE_MONEY, NULL,
	  restatement_web_cancel, restatement_web_show },

	{ GET, "/app/:org/links", VIEWER, READ, 0, NULL, link_web_list },
	{ GET, "/app/:org/links.csv", VIEWER, READ, 0, NULL, link_web_csv },
	{ GET, "/app/:org/links/new", MANAGER, READ, 0, NULL, link_web_new },
	{ POST, "/app/:org/links", MANAGER, WRITE, 0, NULL, link_web_create, link_web_new },
	{ GET, "/app/:org/links/:id", VIEWER, READ, 0, NULL, link_web_show },
	{ POST, "/app/:org/links/:id", MANAGER, WRITE, 0, NULL, link_web_save, link_web_show },
	{ GET, "/app/:org/codes", VIEWER, READ, 0, NULL, code_web_list },
	{ GET, "/app/:org/codes/new", MANAGER, READ, 0, NULL, code_web_new },
	{ POST, "/app/:org/codes", MANAGER, WRITE, 0, NULL, code_web_create, code_web_new },
	{ POST, "/app/:org/codes/:id", MANAGER, WRITE, 0, NULL, code_web_save, code_web_list },

	{ GET, "/app/:org/deals", VIEWER, READ, 0, NULL, deal_web_list },
	{ GET, "/app/:org/deals.csv", VIEWER, READ, 0, NULL, deal_web_csv },
	{ GET, "/app/:org/deals/new", MANAGER, READ, 0, NULL, deal_web_new },
	{ POST, "/app/:org/deals", MANAGER, WRITE, 0, NULL, deal_web_create, deal_web_new },
	{ GET, "/app/:org/deals/:id", VIEWER, READ, 0, NULL, deal_web_show },
	{ POST, "/app/:org/deals/:id", MANAGER, WRITE, 0, NULL, deal_web_save, deal_web_show },
	{ POST, "/app/:org/deals/:id/:step", MANAGER, WRITE, 0, NULL, deal_web_step,
	  deal_web_show },

	{ GET, "/app/:org/customers", VIEWER, READ, 0, NULL, customer_web_list },
	{ GET, "/app/:org/customers.csv", VIEWER, READ, 0, NULL, customer_web_csv },
	{ GET, "/app/:org/customers/:id", VIEWER, READ, 0, NULL, customer_web_show },
	{ GET, "/app/:org/events", VIEWER, READ, 0, NULL, event_web_list },
	{ GET, "/app/:org/events.csv", VIEWER, READ, 0, NULL, event_web_csv },
	{ GET, "/app/:org/events/:id", VIEWER, READ, 0, NULL, event_web_show },
	{ GET, "/app/:org/commissions", VIEWER, READ, 0, NULL, commission_web_list },
	{ GET, "/app/:org/commissions.csv", VIEWER, READ, 0, NULL, commission_web_csv },
	{ GET, "/app/:org/commissions/:id", VIEWER, READ, 0, NULL, commission_web_show },
	{ POST, "/app/:org/commissions/:id/:step", MANAGER, WRITE, ROUTE_MONEY, NULL,
	  commission_web_step, commission_web_show },

	{ GET, "/app/:org/payouts", VIEWER, READ, ROUTE_MONEY, NULL, run_web_list },
	{ POST, "/app/:org/payouts", ADMIN, WRITE, ROUTE_MONEY, NULL, run_web_create,
	  run_web_list },
	{ GET, "/app/:org/payouts/one/:id", VIEWER, READ, ROUTE_MONEY, NULL, payout_web_show },
	{ GET, "/app/:org/payouts/:id", VIEWER, READ, ROUTE_MONEY, NULL, run_web_show },
	{ GET, "/app/:org/payouts/:id/export.csv", ADMIN, READ, ROUTE_MONEY | ROUTE_PERSONAL, NULL,
	  run_web_export },
	{ POST, "/app/:org/payouts/:id/approve", ADMIN, WRITE, ROUTE_MONEY, NULL, run_web_approve,
	  run_web_show },
	{ POST, "/app/:org/payouts/:id/cancel", ADMIN, WRITE, ROUTE_MONEY, NULL, run_web_cancel,
	  run_web_show },
	{ POST, "/app/:org/payouts/:id/results", ADMIN, WRITE, ROUTE_MONEY, NULL, run_web_results,
	  run_web_show },
	{ GET, "/app/:org/ledger", VIEWER, READ, ROUTE_MONEY, NULL, ledger_web_list },
	{ GET, "/app/:org/ledger/export", VIEWER, READ, ROUTE_MONEY, NULL, books_web_ledger },
	{ GET, "/app/:org/partners/:id/statement", VIEWER, READ, ROUTE_MONEY, NULL,
	  books_web_statement },
	{ GET, "/app/:org/ledger.csv", VIEWER, READ, ROUTE_MONEY, NULL, ledger_web_csv },

	{ GET, "/app/:org/settings", VIEWER, READ, 0, NULL, settings_web_show },
	{ GET, "/app/:org/settings/general", VIEWER, READ, 0, NULL, settings_web_show },
	{ POST, "/app/:org/settings/general", ADMIN, CONTROL_WRITE, 0, NULL, settings_web_save,
	  settings_web_show },
	{ GET, "/app/:org/settings/team", ADMIN, CONTROL_READ, 0, NULL, member_web_list },
	{ POST, "/app/:org/settings/team", ADMIN, CONTROL_WRITE, 0, NULL, member_web_put,
	  member_web_list },
	{ POST, "/app/:org/settings/team/:id/remove", ADMIN, CONTROL_WRITE, 0, NULL,
	  member_web_remove, member_web_list },
	{ POST, "/app/:org/settings/team/:id/reset", ADMIN, CONTROL_WRITE, 0, NULL,
	  invitation_web_reset, member_web_list },
	{ POST, "/app/:org/settings/invitations", ADMIN, CONTROL_WRITE, 0, NULL,
	  invitation_web_create, member_web_list },
	/* Also of those for partners, which managers make. */
	{ POST, "/app/:org/settings/invitations/:id/renew", MANAGER, CONTROL_WRITE, 0, NULL,
	  invitation_web_renew },
	{ POST, "/app/:org/settings/invitations/:id/withdraw", MANAGER, CONTROL_WRITE, 0, NULL,
	  invitation_web_withdraw },
	{ GET, "/app/:org/settings/keys", ADMIN, CONTROL_READ, 0, NULL, key_web_list },
	{ POST, "/app/:org/settings/keys", ADMIN, CONTROL_WRITE, 0, NULL, key_web_create,
	  key_web_list },
	{ POST, "/app/:org/settings/keys/:id/revoke", ADMIN, CONTROL_WRITE, 0, NULL, key_web_revoke,
	  key_web_list },
	{ GET, "/app/:org/settings/stripe", ADMIN, READ, 0, NULL, stripe_web_show },
	{ POST, "/app/:org/settings/stripe", ADMIN, WRITE, 0, NULL, stripe_web_put,
	  stripe_web_show },
	{ POST, "/app/:org/settings/stripe/remove", ADMIN, WRITE, 0, NULL, stripe_web_remove,
	  stripe_web_show },
	{ GET, "/app/:org/settings/webhooks", ADMIN, READ, ROUTE_MONEY, NULL, webhook_web_list },
	{ POST, "/app/:org/settings/webhooks", ADMIN, WRITE, ROUTE_MONEY, NULL,
	  webhook_web_create, webhook_web_list },
	{ GET, "/app/:org/settings/webhooks/:id", ADMIN, READ, ROUTE_MONEY, NULL,
	  webhook_web_show },
	{ POST, "/app/:org/settings/webhooks/:id", ADMIN, WRITE, ROUTE_MONEY, NULL,
	  webhook_web_save, webhook_web_show },
	{ POST, "/app/:org/settings/webhooks/:id/rotate", ADMIN, WRITE, ROUTE_MONEY, NULL,
	  webhook_web_rotate, webhook_web_show },
	{ POST, "/app/:org/settings/webhooks/:id/test", ADMIN, WRITE, ROUTE_MONEY, NULL,
	  webhook_web_test, webhook_web_show },
	{ POST, "/app/:org/settings/webhooks/:id/enable", ADMIN, WRITE, ROUTE_MONEY, NULL,
	  webhook_web_enable, webhook_web_show },
	{ POST, "/app/:org/settings/webhooks/:id/disable", ADMIN, WRITE, ROUTE_MONEY, NULL,
	  webhook_web_disable, webhook_web_show },
	{ POST, "/app/:org/settings/webhooks/:id/remove", ADMIN, WRITE, ROUTE_MONEY, NULL,
	  webhook_web_remove, webhook_web_show },
	{ POST, "/app/:org/settings/webhooks/:id/replay", ADMIN, WRITE, ROUTE_MONEY, NULL,
	  webhook_web_replay, webhook_web_show },
	{ GET, "/app/:org/settings/deliveries/:id", ADMIN, READ, ROUTE_MONEY, NULL,
	  delivery_web_show },
	{ POST, "/app/:org/settings/deliveries/:id/replay", ADMIN, WRITE, ROUTE_MONEY, NULL,
	  delivery_web_replay, delivery_web_show },
	{ GET, "/app/:org/settings/protected-accounts", ADMIN, READ, ROUTE_PERSONAL, NULL,
	  protected_account_web_list },
	{ POST, "/app/:org/settings/protected-accounts", ADMIN, WRITE, ROUTE_PERSONAL, NULL,
	  protected_account_web_create, protected_account_web_list },
	{ POST, "/app/:org/settings/protected-accounts/:id/remove", ADMIN, WRITE, ROUTE_PERSONAL,
	  NULL, protected_account_web_remove, protected_account_web_list },
	{ GET, "/app/:org/audit", ADMIN, READ, 0, NULL, audit_web_list },

	/* Pages of the partners. */
	{ GET, "/portal/:org", PARTNER, READ, 0, NULL, portal_home_show },
	{ GET, "/portal/:org/links", PARTNER, READ, 0, NULL, portal_link_list },
	{ POST, "/portal/:org/links", PARTNER, WRITE, 0, NULL, portal_link_create,
	  portal_link_new },
	{ GET, "/portal/:org/links/new", PARTNER, READ, 0, NULL, portal_link_new },
	{ GET, "/portal/:org/links/:id", PARTNER, READ, 0, NULL, portal_link_show },
	{ GET, "/portal/:org/deals", PARTNER, READ, 0, NULL, portal_deal_list },
	{ POST, "/portal/:org/deals", PARTNER, WRITE, 0, NULL, portal_deal_create,
	  portal_deal_new },
	{ GET, "/portal/:org/deals/new", PARTNER, READ, 0, NULL, portal_deal_new },
	{ GET, "/portal/:org/deals/:id", PARTNER, READ, 0, NULL, portal_deal_show },
	{ GET, "/portal/:org/commissions", PARTNER, READ, 0, NULL, portal_commission_list },
	{ GET, "/portal/:org/commissions.csv", PARTNER, READ, 0, NULL, portal_commission_csv },
	{ GET, "/portal/:org/commissions/:id", PARTNER, READ, 0, NULL, portal_commission_show },
	{ GET, "/portal/:org/events", PARTNER, READ, 0, NULL, portal_event_list },
	{ GET, "/portal/:org/events/:id", PARTNER, READ, 0, NULL, portal_event_show },
	{ GET, "/portal/:org/payouts", PARTNER, READ, 0, NULL, portal_payout_list },
	{ GET, "/portal/:org/payouts/:id", PARTNER, READ, 0, NULL, portal_payout_show },
	{ GET, "/portal/:org/statement", PARTNER, READ, 0, NULL, books_web_own },
	{ GET, "/portal/:org/payouts/:id/commissions.csv", PARTNER, READ, 0, NULL,
	  portal_payout_csv },
	{ GET, "/portal/:org/customers", PARTNER, READ, 0, NULL, portal_customer_list },
	{ GET, "/portal/:org/team", PARTNER, READ, 0, NULL, portal_team_web },
	{ GET, "/portal/:org/terms", PARTNER, READ, 0, NULL, portal_terms_show },
	{ GET, "/portal/:org/account", PARTNER, READ, 0, NULL, portal_account_show },
	{ POST, "/portal/:org/account/name", PARTNER, CONTROL_WRITE, 0, NULL, account_web_name,
	  portal_account_show },
	{ POST, "/portal/:org/account/password", PARTNER, SLOW, 0, NULL, account_web_password,
	  portal_account_show },
	{ POST, "/portal/:org/account/sessions/end", PARTNER, CONTROL_WRITE, 0, NULL,
	  account_web_end_others },
	{ POST, "/portal/:org/account/sessions/:id/end", PARTNER, CONTROL_WRITE, 0, NULL,
	  account_web_end },

	/* Visitors of links. */
	{ GET, "/:slug", ANYBODY, FAST, 0, NULL, redirect_run },
};

const size_t route_count = LEN(routes);

static const char *const who_names[] = {
	[ANYBODY] = "anybody", [SIGNED_IN] = "signed-in", [PARTNER] = "partner", [VIEWER] = "viewer",
	[MANAGER] = "manager", [ADMIN] = "admin",         [OWNER] = "owner",
};

static const char *const mode_names[] = {
	[FAST] = "fast",
	[READ] = "read",
	[WRITE] = "write",
	[CONTROL_READ] = "control-read",
	[CONTROL_WRITE] = "control-write",
	[SLOW] = "slow",
};

static const struct {
	unsigned flag;
	const char *name;
} flag_names[] = {
	{ ROUTE_API, "api" },           { ROUTE_MONEY, "money" }, { ROUTE_PERSONAL, "personal" },
	{ ROUTE_RAW, "raw" },           { ROUTE_SAFE_POST, "safe-post" },
	{ ROUTE_UPLOAD, "upload" },     { ROUTE_KEYED, "keyed" },
	{ ROUTE_ONE, "one" },
};

static void print_row(struct buf *out, const struct route *r)
{
	buf_printf(out, "%-6s %-48s %-9s %-13s", method_name(r->method), r->path, who_names[r->who],
	           mode_names[r->mode]);
	for (size_t i = 0; i < LEN(flag_names); i++)
		if (r->flags & flag_names[i].flag)
			buf_printf(out, " %s", flag_names[i].name);
	if (r->scope)
		buf_printf(out, " [%s]", r->scope);
	buf_char(out, '\n');
}

void routes_print(struct buf *out)
{
	for (size_t i = 0; i < route_count; i++)
		print_row(out, &routes[i]);
}
