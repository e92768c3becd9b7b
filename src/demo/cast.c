/* SPDX-License-Identifier: Apache-2.0 */
#include "demo/cast.h"

#include "base/check.h"
#include "base/ctx.h"

#define CLICKS_FROM 344

static const struct cast_campaign lumen_campaigns[] = {
	{ "Affiliates", "affiliates", "https://lumen.example/pricing",
	  "{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"},"
	  "\"recurring_months\":12,\"hold_days\":30,\"minimum_payout\":5000,"
	  "\"tiers\":{\"by\":\"revenue\",\"period\":\"lifetime\",\"steps\":["
	  "{\"from\":500000,\"reward\":{\"type\":\"percentage\",\"value\":\"25\"}},"
	  "{\"from\":2000000,\"reward\":{\"type\":\"percentage\",\"value\":\"30\"}}]},"
	  "\"groups\":{\"founding\":{\"reward\":{\"type\":\"percentage\",\"value\":\"28\"}}},"
	  "\"clawback\":{\"window_days\":60,\"on_refund\":\"full\",\"on_dispute\":\"full\","
	  "\"on_churn\":\"none\"}}",
	  true, 0, 0 },
	{ "Agencies", "agencies", "https://lumen.example/for-agencies",
	  "{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"15\"},"
	  "\"recurring_months\":null,\"hold_days\":14,\"minimum_payout\":10000,"
	  "\"chain\":{\"mode\":\"on_top\",\"compute\":\"flat\",\"levels\":[{\"percent\":\"10\"}]}}",
	  false, 0, 0 },
	{ "Delivery partners", "delivery", "https://lumen.example/for-agencies",
	  "{\"trigger\":\"retainer\",\"reward\":{\"type\":\"fixed\",\"amount\":150000},"
	  "\"rewards\":[{\"if\":{\"event\":\"deal_closed\"},"
	  "\"reward\":{\"type\":\"percentage\",\"value\":\"5\"}}],\"hold_days\":14}",
	  false, 0, 40 },
};

static const struct cast_partner lumen_partners[] = {
	{ "Ada Reyes", "ada@reyes-reviews.example", "US", "ada", 0, 2, 26, -1, "founding", NULL,
	  true, false, false },
	{ "Growth Notes", "hello@growthnotes.example", "GB", "growthnotes", 0, 6, 34, -1, NULL,
	  NULL, false, false, false },
	{ "Maker Stack", "team@makerstack.example", "US", "makerstack", 0, 15, 22, -1, NULL, NULL,
	  true, false, false },
	{ "Priya Raman", "priya@raman.example", "IN", "priya", 0, 28, 14, -1, NULL, NULL, true,
	  false, false },
	{ "The Ops Letter", "editor@opsletter.example", "CA", "opsletter", 0, 41, 19, -1, NULL,
	  "{\"type\":\"percentage\",\"value\":\"35\"}", false, false, false },
	{ "Tom Okafor", "tom@okafor.example", "NG", "tomo", 0, 77, 9, -1, NULL, NULL, false, false,
	  false },
	{ "Deal Cellar", "ads@dealcellar.example", "US", "dealcellar", 0, 90, 31, -1, NULL, NULL,
	  false, false, true },
	{ "Bright Harbor Agency", "partners@brightharbor.example", "US", "brightharbor", 1, 10, 11,
	  -1, NULL, NULL, false, false, false },
	{ "Fieldnote Studio", "hi@fieldnote.example", "US", "fieldnote", 1, 35, 8, 7, NULL, NULL,
	  false, false, false },
	{ "Kestrel Delivery", "ops@kestrel.example", "IE", "kestrel", 1, 60, 6, 7, NULL, NULL,
	  false, false, false },
	{ "Juniper Labs", "hello@juniperlabs.example", "NZ", "juniper", 0, 150, 7, -1, NULL, NULL,
	  false, false, false },
	{ "Sofia Lindqvist", "sofia@lindqvist.example", "SE", "sofia", 0, 361, 0, -1, NULL, NULL,
	  false, true, false },
	{ "Coupon Comet", "apply@couponcomet.example", "US", "couponcomet", 0, 363, 0, -1, NULL,
	  NULL, false, true, false },
	{ "Northgate Delivery", "projects@northgate.example", "US", "northgate", 2, 135, 0, -1, NULL,
	  NULL, false, false, false },
	{ "Atelier Kappa", "studio@kappa.example", "PT", "kappa", 2, 251, 0, -1, NULL, NULL, false,
	  false, false },
};

static const int64_t lumen_prices[] = { 2900, 9900, 29900 };
static const char *const lumen_plans[] = { "starter", "team", "business" };

static const struct cast_campaign nord_campaigns[] = {
	{ "Creators", "creators", "https://nordlicht.example/shop",
	  "{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"12.5\"},"
	  "\"recurring_months\":0,\"hold_days\":21,\"minimum_payout\":2500,"
	  "\"rewards\":[{\"if\":{\"product\":\"studio\"},"
	  "\"reward\":{\"type\":\"fixed\",\"amount\":6000},\"recurring_months\":0}],"
	  "\"caps\":[{\"scope\":\"partner\",\"period\":\"month\",\"amount\":150000}],"
	  "\"clawback\":{\"window_days\":30,\"on_refund\":\"full\",\"on_dispute\":\"full\","
	  "\"on_churn\":\"none\"}}",
	  false, 0, 0 },
	{ "Magazines", "magazines", "https://nordlicht.example/sound",
	  "{\"trigger\":\"click\",\"reward\":{\"type\":\"fixed\",\"amount\":35},\"hold_days\":14,"
	  "\"caps\":[{\"scope\":\"partner\",\"period\":\"month\",\"amount\":20000}]}",
	  false, CLICKS_FROM, 0 },
};

static const struct cast_partner nord_partners[] = {
	{ "Klangwerk", "redaktion@klangwerk.example", "DE", "klangwerk", 0, 3, 24, -1, NULL, NULL,
	  true, false, false },
	{ "Studio Diaries", "anna@studiodiaries.example", "AT", "diaries", 0, 12, 17, -1, NULL,
	  NULL, true, false, false },
	{ "Le Micro", "bonjour@lemicro.example", "FR", "lemicro", 0, 33, 12, -1, NULL, NULL, false,
	  false, false },
	{ "Podcast Bureau", "mail@podcastbureau.example", "NL", "bureau", 0, 58, 21, -1, NULL, NULL,
	  true, false, false },
	{ "Mika Tanaka", "mika@tanaka.example", "JP", "mika", 0, 120, 8, -1, NULL, NULL, false,
	  false, false },
	{ "Hertz & Raum", "anzeigen@hertzundraum.example", "DE", "hertz", 1, CLICKS_FROM, 14, -1, NULL, NULL,
	  false, false, false },
};

static const int64_t nord_prices[] = { 14900, 34900, 89900 };
static const char *const nord_plans[] = { "mobile", "desk", "studio" };

const struct cast_brand cast_brands[] = {
	{ "Lumen Analytics", "lumen", "USD", "America/New_York", lumen_campaigns,
	  LEN(lumen_campaigns), lumen_partners, LEN(lumen_partners), lumen_prices, lumen_plans,
	  LEN(lumen_plans), 0, 0 },
	{ "Nordlicht Audio", "nordlicht", "EUR", "Europe/Berlin", nord_campaigns,
	  LEN(nord_campaigns), nord_partners, LEN(nord_partners), nord_prices, nord_plans,
	  LEN(nord_plans), 19, CLICKS_FROM },
};

const struct cast_person cast_people[] = {
	{ "owner@harbor.example", "Hanna Berg", "agency owner, both brands", -1, ROLE_OWNER, false,
	  -1 },
	{ "manager@lumen.example", "Marcus Lee", "manager of Lumen Analytics", 0, ROLE_MANAGER,
	  false, -1 },
	{ "viewer@lumen.example", "Vera Novak", "viewer of Lumen Analytics, without money", 0,
	  ROLE_VIEWER, true, -1 },
	{ "ada@reyes-reviews.example", "Ada Reyes", "partner of Lumen Analytics", 0, ROLE_PARTNER,
	  false, 0 },
	{ "redaktion@klangwerk.example", "Klangwerk", "partner of Nordlicht Audio", 1, ROLE_PARTNER,
	  false, 0 },
	{ "partners@brightharbor.example", "Bright Harbor Agency",
	  "partner of Lumen Analytics, with recruits", 0, ROLE_PARTNER, false, 7 },
};
