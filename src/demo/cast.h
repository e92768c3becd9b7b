/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEMO_CAST_H
#define DEMO_CAST_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The cast of the demo: brands, campaigns, partners and people, as plain tables.
 */

#define CAST_PASSWORD "partnerd-demo"

struct cast_partner {
	const char *name, *email, *country;
	const char *slug;     /* of its link; also its code in upper case if has_code */
	int campaign;         /* index into the brand's campaigns */
	int joins_day;        /* days after the story begins */
	int reach;            /* clicks on a usual day */
	int parent;           /* index of the upline partner, or -1 */
	const char *group;    /* or NULL */
	const char *override; /* a reward, or NULL */
	bool has_code;
	bool waits;           /* its application is not decided */
	bool suspended;       /* at the end of the story */
};

struct cast_campaign {
	const char *name, *slug, *url, *terms;
	bool review;
	int begins_day;
	int deal_days;        /* each of its partners closes a deal so often; 0: never */
};

struct cast_brand {
	const char *name, *slug, *currency, *timezone;
	const struct cast_campaign *campaigns;
	size_t campaign_count;
	const struct cast_partner *partners;
	size_t partner_count;
	const int64_t *prices; /* of its plans, minor units */
	const char *const *plans;
	size_t plan_count;
	int tax_percent;
	int clicks_from;      /* the day its campaign that pays for clicks begins; 0: none */
};

extern const struct cast_brand cast_brands[];
#define CAST_BRANDS 2

struct cast_person {
	const char *email, *name, *what;
	int brand;            /* -1: the whole workspace */
	int role;             /* enum role */
	bool without_money;
	int partner;          /* index in the brand's partners, or -1 */
};

extern const struct cast_person cast_people[];
#define CAST_PEOPLE 6

#endif
