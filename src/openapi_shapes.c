/* SPDX-License-Identifier: Apache-2.0 */
#include "openapi.h"

#include "audit/audit.h"
#include "campaign/campaign.h"
#include "campaign/terms_version.h"
#include "commission/commission.h"
#include "connect/hook.h"
#include "customer/customer.h"
#include "deal/deal.h"
#include "deal/deal_history.h"
#include "deal/deal_share.h"
#include "deal/deal_step.h"
#include "deal/protected_account.h"
#include "event/event.h"
#include "ledger/checkpoint.h"
#include "ledger/ledger.h"
#include "link/code.h"
#include "link/link.h"
#include "org/org.h"
#include "partner/enrolment.h"
#include "partner/parent.h"
#include "partner/partner_step.h"
#include "payout/payout.h"
#include "payout/run.h"
#include "restate/restatement.h"
#include "user/key.h"
#include "user/invitation.h"
#include "user/member.h"
#include "webhook/delivery.h"
#include "whatif/whatif.h"

#define REF(name) "{'$ref':'#/components/schemas/" name "'}"
#define LIST_OF(name) "{'type':'array','items':" REF(name) "}"
#define OBJECT(required, properties) \
	"{'type':'object','additionalProperties':false,'required':[" required "],'properties':{" \
	properties "}}"
#define PAGE_OF(name) \
	"{'allOf':[" REF("List") ",{'properties':{'data':" LIST_OF(name) "}}]}"
#define TEXT(max) "{'type':'string','minLength':1,'maxLength':" max "}"
#define MAYBE(max) "{'type':['string','null'],'maxLength':" max "}"
#define TIME "{'type':['string','null'],'format':'date-time'}"
#define ID(prefix) "{'type':['string','null'],'pattern':'^" prefix "_[0-9a-hjkmnp-tv-z]{13}$'}"
#define AMOUNT "{'type':'integer','format':'int64','minimum':0,'maximum':1000000000000000}"
#define MAYBE_AMOUNT \
	"{'type':['integer','null'],'format':'int64','minimum':0,'maximum':1000000000000000}"
#define COUNT "{'type':'integer','format':'int64'}"
/* A currency as it may be sent; "Currency" is how it is shown. */
#define CODE "{'type':'string','pattern':'^[A-Za-z]{3}$'}"
#define MAYBE_CODE "{'type':['string','null'],'pattern':'^[A-Za-z]{3}$'}"

/* A refund or a dispute: of a sale, or of another event by its type and id. */
#define ABOUT_ANOTHER(required, properties) \
	"{'type':'object','additionalProperties':false,'required':[" required "]," \
	"'anyOf':[{'required':['sale_id']},{'required':['event_type','event_id']}]," \
	"'properties':{'id':" TEXT("200") ",'sale_id':" MAYBE("200") ",'event_type':{'enum':[" \
	"'sale','lead','qualified_referral','project_delivered','deal_closed','retainer','goal'," \
	"null]},'event_id':" MAYBE("200") ",'currency':" MAYBE_CODE \
	",'occurred_at':" TIME ",'attributes':" REF("Attributes") "," \
	properties "}}"

#define PROBLEM \
	OBJECT("'type','title','status','detail','instance','code','request_id','doc_url'," \
	       "'retryable'", \
	       "'type':{'type':'string'},'title':{'type':'string'},'status':{'type':'integer'}," \
	       "'detail':{'type':'string'},'instance':{'type':'string'},'code':{'type':'string'}," \
	       "'param':{'type':'string'},'errors':{'type':'array','items':" \
	       OBJECT("'pointer','code','detail'", "'pointer':{'type':'string'},'code':{'type':'string'}," \
	              "'detail':{'type':'string'}") "}," \
	       "'request_id':{'type':'string'},'doc_url':{'type':'string'}," \
	       "'retryable':{'type':'boolean'},'violated-policies':{'type':'array','items':" \
	       "{'type':'string'}}")

#define CUSTOMER \
	OBJECT("'id'", "'id':" TEXT("200") ",'email':" MAYBE("254") ",'name':" MAYBE("200") \
	       ",'country':" MAYBE("2"))

#define MAYBE_REF(name) "{'oneOf':[{'type':'null'}," REF(name) "]}"

#define UTM \
	OBJECT("'source'", "'source':" TEXT("100") ",'medium':" MAYBE("100") ",'campaign':" MAYBE("100"))

#define ORIGIN \
	"'id':" TEXT("200") ",'click_id':" ID("clk") ",'code':" MAYBE("64") ",'partner':" ID("prt") \
	",'utm':" MAYBE_REF("Utm") ",'occurred_at':" TIME ",'attributes':" REF("Attributes")

#define SALE \
	ORIGIN ",'customer':" REF("CustomerNew") ",'amount':" AMOUNT ",'tax':" MAYBE_AMOUNT \
	",'shipping':" MAYBE_AMOUNT ",'cleared_at':" TIME ",'currency':" CODE ",'product':" MAYBE("100") \
	",'site':" MAYBE("253") ",'plan':" MAYBE("100")

#define OCCASION \
	ORIGIN ",'type':{'type':'string','enum':['qualified_referral','project_delivered'," \
	"'deal_closed','goal']},'goal':" MAYBE("100") ",'customer':" \
	MAYBE_REF("CustomerNew") ",'amount':" MAYBE_AMOUNT ",'tax':" MAYBE_AMOUNT ",'shipping':" \
	MAYBE_AMOUNT ",'cleared_at':" TIME ",'currency':" MAYBE_CODE ",'product':" MAYBE("100") \
	",'site':" MAYBE("253") ",'plan':" MAYBE("100")

#define RECORDED \
	OBJECT("'event','attribution','commissions','unpaid'", \
	       "'event':{'type':'object','required':['id','type','external_id']}," \
	       "'attribution':{'type':'object','required':['credited','sentence','steps']}," \
	       "'commissions':{'type':'array','items':{'type':'object','required':" \
	       "['id','partner','amount','currency','status','matures_at','explanation']}}," \
	       "'unpaid':{'type':'array','items':{'type':'object','required':" \
	       "['partner','kind','gate','explanation']}}")

#define POSITION "'ledger_position':{'type':['integer','null'],'format':'int64'}"

#define BALANCE \
	OBJECT("'object','partner','currency','pending','held','payable','in_payout','paid'," \
	       "'ledger_position'", \
	       "'object':{'const':'balance'},'partner':{'anyOf':[" ID("prt") "," REF("Partner") \
	       "]},'currency':" REF("Currency") \
	       ",'pending':" COUNT ",'held':" COUNT ",'payable':" COUNT ",'in_payout':" COUNT \
	       ",'paid':" COUNT "," POSITION)

#define RESULT \
	OBJECT("'payout','status'", \
	       "'payout':" ID("pay") ",'status':{'type':'string','enum':['paid','failed']}," \
	       "'reference':" MAYBE("140") ",'reason':" MAYBE("500"))

#define FX_RATE \
	OBJECT("'object','currency','date','rate'", "'object':{'const':'fx_rate'},'currency':" \
	       REF("Currency") ",'date':{'type':'string','format':'date'},'rate':{'type':'string'}")

#define VOLUME \
	OBJECT("'currency','sales','revenue','month_revenue'", \
	       "'currency':" REF("Currency") ",'sales':" COUNT \
	       ",'revenue':{'type':['integer','null']},'month_revenue':{'type':['integer','null']}")

#define TEAM \
	OBJECT("'object','partner','above','partners','complete','own','together','levels'", \
	       "'object':{'const':'team'},'partner':" ID("prt") ",'above':{'type':'array','items':" \
	       ID("prt") "},'partners':" COUNT ",'complete':{'type':'boolean'},'own':" \
	       LIST_OF("Volume") ",'together':" LIST_OF("Volume") ",'levels':{'type':'array','items':" \
	       OBJECT("'level','partners','volumes'", "'level':" COUNT ",'partners':" COUNT \
	              ",'volumes':" LIST_OF("Volume")) "}")

#define LEG \
	OBJECT("'account','currency','debit','credit'", \
	       "'account':{'type':'string'},'partner':" ID("prt") ",'currency':" REF("Currency") \
	       ",'debit':" COUNT ",'credit':" COUNT)

#define SIDE \
	OBJECT("'cost','earned','reversed','restated','events','commissions','other_currencies'," \
	       "'caps'", \
	       "'cost':" COUNT ",'earned':" COUNT ",'reversed':" COUNT ",'restated':" COUNT \
	       ",'events':" COUNT ",'commissions':" COUNT ",'other_currencies':" COUNT \
	       ",'caps':{'type':'array'}")

#define SIMULATION \
	OBJECT("'object','campaign','currency','events','old','new','difference','changes'," \
	       "'months','partners','notes'", \
	       "'object':{'const':'simulation'},'campaign':" ID("cmp") ",'currency':" \
	       REF("Currency") ",'from':" TIME ",'to':" TIME ",'compare':{'type':['integer','null']}," \
	       "'attribution':{'type':'boolean'},'events':" COUNT ",'old':" SIDE ",'new':" SIDE \
	       ",'difference':" COUNT ",'changes':{'type':'object'},'months':{'type':'array'}," \
	       "'partners':{'type':'array'},'models':{'type':'array'},'notes':{'type':'array'}")

#define RESTATEMENT \
	"'raised':" COUNT ",'lowered':" COUNT ",'unchanged':" COUNT ",'adjustments':" COUNT \
	",'as_previewed':{'type':'boolean'},'totals':{'type':'array'},'partners':{'type':'array'}"

#define TYPES "{'type':'array','items':{'type':'string'}}"
#define SECRET \
	"'types':" TYPES ",'secret':{'type':['string','null'],'description':'Once, in the " \
	"answers that make and replace it; null when those are repeated.'}"
#define ENDPOINT(required) \
	OBJECT(required, \
	       "'url':{'type':'string','minLength':1,'maxLength':2000},'description':" MAYBE("200") \
	       ",'types':{'type':['array','null'],'items':{'type':'string'}},'status':{'type':" \
	       "'string','enum':['enabled','disabled']}")
#define REPLAYED \
	OBJECT("'object','messages','has_more','until'", \
	       "'object':{'const':'webhook_replay'},'messages':" COUNT \
	       ",'has_more':{'type':'boolean'},'until':" TIME)

const struct api_schema api_schemas[] = {
	{ "Anything", .by_hand = "{}" },
	{ "Problem", .by_hand = PROBLEM },
	{ "List", .by_hand = "{'type':'object','required':['object','url','has_more','data'],'properties':"
	                     "{'object':{'const':'list'},'url':{'type':'string'},"
	                     "'has_more':{'type':'boolean'},'data':{'type':'array'}}}" },
	{ "Currency", .by_hand = "{'type':'string','pattern':'^[A-Z]{3}$'}" },
	{ "Reward", .by_hand = "{'type':'object','required':['type'],'properties':"
	                       "{'type':{'enum':['percentage','fixed']},'value':"
	                       "{'type':['string','integer']},'amount':" COUNT ",'currency':" CODE "}}" },
	{ "Document", .by_hand = "{'type':'object','required':['trigger','reward'],'properties':"
	                         "{'trigger':{'type':'string'},'reward':" REF("Reward") "}}" },
	{ "Attributes", .by_hand = "{'type':['object','null'],'maxProperties':50,"
	                           "'additionalProperties':{'type':['string','integer']}}" },

	{ "Organisation", &org_model },
	{ "OrganisationChange", &org_model, .in = true, .change = true },
	{ "OrganisationList", .by_hand = PAGE_OF("Organisation") },
	{ "Key", &key_model, .more = "'scopes':{'type':'array','items':{'type':'string'}},"
	                             "'allowed_ips':{'type':'array','items':{'type':'string'}},"
	                             "'key':{'type':['string','null'],'description':'Once, in the "
	                             "answer that makes it; null when that is repeated.'}" },
	{ "KeyNew", .by_hand = OBJECT("'name'", "'name':" TEXT("80") ",'scopes':{'type':['array','null'],"
	                                        "'items':{'type':'string'}},'allowed_ips':{'type':["
	                                        "'array','null'],'maxItems':20,'items':{'type':"
	                                        "'string'}}") },
	{ "KeyList", .by_hand = PAGE_OF("Key") },
	{ "Member", &member_model },
	{ "MemberNew", .by_hand = OBJECT("'email','role'",
	                                 "'email':" TEXT("254") ",'role':{'type':'string','enum':["
	                                 "'viewer','manager','admin','owner']},'without':{'type':["
	                                 "'array','null'],'items':{'type':'string'}}") },
	{ "MemberList", .by_hand = PAGE_OF("Member") },
	{ "Invitation", &invitation_model,
	  .more = "'link':{'type':['string','null'],'description':'Once, in the answer that makes "
	          "it; null when that is repeated.'}" },
	{ "InvitationNew", .by_hand = OBJECT("'email','role'", "'email':" TEXT("254")
	                                     ",'role':{'type':'string','enum':['viewer','manager',"
	                                     "'admin','owner','partner']},'partner':" ID("prt")
	                                     ",'without':{'type':['array','null'],'items':"
	                                     "{'type':'string'}}") },
	{ "InvitationList", .by_hand = PAGE_OF("Invitation") },
	{ "Audit", &audit_model, .more = "'actor':{'type':['string','null']}" },
	{ "AuditList", .by_hand = PAGE_OF("Audit") },

	{ "Campaign", &campaign_model },
	{ "CampaignNew", &campaign_new_model, .in = true },
	{ "CampaignChange", &campaign_model, .in = true, .change = true },
	{ "Terms", &terms_model, .more = "'says':{'type':'array','items':{'type':'string'}}" },
	{ "TermsNew", &terms_new_model, .in = true },
	{ "SimulationNew", &whatif_new_model, .in = true },
	{ "Simulation", .by_hand = SIMULATION },
	{ "Restatement", &restatement_model, .more = RESTATEMENT },
	{ "RestatementNew", &restatement_new_model, .in = true },
	{ "RestatementList", .by_hand = PAGE_OF("Restatement") },
	{ "Partner", &partner_model, .more = "'enrolments':" LIST_OF("Enrolment") },
	{ "PartnerNew", &partner_new_model, .in = true },
	{ "PartnerChange", &partner_model, .in = true, .change = true },
	{ "PartnerStep", &partner_step_model, .in = true },
	{ "Enrolment", &enrolment_model, .more = "'override':{'type':['object','null']}" },
	{ "OverrideNew", &partner_override_model, .in = true },
	{ "GroupNew", &partner_group_model, .in = true },
	{ "Link", &link_model, .more = "'short_url':{'type':'string'}" },
	{ "LinkNew", &link_model, .in = true },
	{ "LinkChange", &link_model, .in = true, .change = true },
	{ "Code", &code_model },
	{ "CodeNew", &code_model, .in = true },
	{ "CodeChange", &code_model, .in = true, .change = true },
	{ "Customer", &customer_model,
	  .more = "'owners':{'type':'array','items':{'type':'object','required':['partner','share_ppm'],"
	          "'properties':{'partner':{'type':'string'},'link':{'type':['string','null']},"
	          "'share_ppm':{'type':'integer'}}}}" },

	{ "CustomerChange", &customer_change_model, .in = true, .change = true },
	{ "CustomerNew", .by_hand = CUSTOMER },
	{ "Utm", .by_hand = UTM },
	{ "Deal", &deal_model, .more = "'shares':" LIST_OF("DealShare") ",'history':"
	                               LIST_OF("DealHistory") },
	{ "DealShare", &deal_share_model },
	{ "DealHistory", &deal_history_model },
	{ "DealNew", &deal_new_model, .in = true,
	  .more = "'shares':{'type':['array','null'],'minItems':2,'maxItems':8,'items':"
	          REF("DealShareNew") "}" },
	{ "DealShareNew", .by_hand = OBJECT("'partner','share_ppm'",
	                                    "'partner':" ID("prt") ",'share_ppm':{'type':'integer',"
	                                    "'minimum':1,'maximum':999999}") },
	{ "DealChange", &deal_model, .in = true, .change = true },
	{ "DealNote", &deal_note_model, .in = true },
	{ "DealReason", &deal_reason_model, .in = true },
	{ "DealExtension", &deal_extend_model, .in = true },
	{ "DealWon", &deal_win_model, .in = true },
	{ "ProtectedAccount", &protected_account_model },
	{ "ProtectedAccountNew", &protected_account_model, .in = true },
	{ "ClickNew", .by_hand = OBJECT("", "'slug':" MAYBE("64") ",'code':" MAYBE("64") ",'url':"
	                                MAYBE("2000") ",'referrer':" MAYBE("2000") ",'user_agent':"
	                                MAYBE("1000") ",'ip':" MAYBE("45") ",'occurred_at':" TIME) },
	{ "ClickMade", .by_hand = OBJECT("'click_id'", "'click_id':" ID("clk")) },
	{ "LeadNew", .by_hand = OBJECT("'id','customer'", ORIGIN ",'customer':" REF("CustomerNew")) },
	{ "SaleNew", .by_hand = OBJECT("'id','customer','amount','currency'", SALE) },
	{ "OccasionNew", .by_hand = OBJECT("'id','type'", OCCASION) },
	{ "RefundNew", .by_hand = ABOUT_ANOTHER("'id'", "'amount':" MAYBE_AMOUNT) },
	{ "DisputeNew", .by_hand = ABOUT_ANOTHER("'id','status'",
	                                         "'status':{'enum':['opened','won','lost']},"
	                                         "'amount':" MAYBE_AMOUNT) },
	{ "ChurnNew", .by_hand = OBJECT("'id','customer'",
	                                "'id':" TEXT("200") ",'customer':{'oneOf':[" TEXT("200") ","
	                                OBJECT("'id'", "'id':" TEXT("200")) "]},'occurred_at':" TIME
	                                ",'attributes':" REF("Attributes")) },
	{ "Batch", .by_hand = OBJECT("'events'", "'events':{'type':'array','minItems':1,'maxItems':100,"
	                                         "'items':{'type':'object'}}") },
	{ "BatchResults", .by_hand = OBJECT("'results'",
	                                    "'results':{'type':'array','items':{'type':'object',"
	                                    "'required':['status']}}") },
	{ "Recorded", .by_hand = RECORDED },

	{ "Event", &event_model, .more = "'facts':{'type':['object','null']},"
	                                 "'attribution':{'type':['object','null']},"
	                                 "'commissions':" LIST_OF("Commission") },
	{ "Commission", &commission_model, .more = "'holds':{'type':'array','items':{'type':'string'}},"
	                                           "'payouts':{'type':'array'},'entries':"
	                                           "{'type':'array','items':{'type':'string'}}," POSITION },
	{ "Balance", .by_hand = BALANCE },
	{ "BalanceList", .by_hand = PAGE_OF("Balance") },
	{ "FxRate", .by_hand = FX_RATE },
	{ "FxRateList", .by_hand = PAGE_OF("FxRate") },
	{ "PartnerParent", &parent_move_model },
	{ "PartnerParents", .by_hand = PAGE_OF("PartnerParent") },
	{ "Volume", .by_hand = VOLUME },
	{ "Team", .by_hand = TEAM },
	{ "Leg", .by_hand = LEG },
	{ "Entry", &entry_model, .more = "'legs':" LIST_OF("Leg") },
	{ "Checkpoint", &checkpoint_model, .more = "'sums':{'type':'array'}" },
	{ "Payout", &payout_model, .more = "'commissions':{'type':'array'}," POSITION },
	{ "PayoutRun", &run_model, .more = "'payouts':" LIST_OF("Payout") ",'total':" COUNT
	                                   ",'total_paid':" COUNT "," POSITION },
	{ "PayoutRunNew", &run_model, .in = true },
	{ "PayoutResult", .by_hand = RESULT },
	{ "PayoutResults", .by_hand = LIST_OF("PayoutResult") },
	{ "Hook", &hook_model },
	{ "HookWhole", &hook_model, .more = "'body':{'type':'string'}" },
	{ "WebhookEndpoint", &endpoint_model, .more = SECRET },
	{ "WebhookEndpointList", .by_hand = PAGE_OF("WebhookEndpoint") },
	{ "WebhookEndpointNew", .by_hand = ENDPOINT("'url'") },
	{ "WebhookEndpointChange", .by_hand = ENDPOINT("") },
	{ "WebhookRotation", .by_hand = OBJECT("", "'keep_hours':{'type':['integer','null'],"
	                                           "'minimum':0,'maximum':168}") },
	{ "WebhookReplay", .by_hand = OBJECT("'since'", "'since':{'type':'string','format':"
	                                                "'date-time'}") },
	{ "WebhookReplayed", .by_hand = REPLAYED },
	{ "WebhookDelivery", &delivery_model, .more = "'body':{'type':'object'}" },
	{ "Message", &message_model },
	{ "StripeNew", .by_hand = OBJECT("'webhook_secret'", "'webhook_secret':" TEXT("200")) },
	{ 0 },
};
