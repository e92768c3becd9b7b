/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_TEAM_H
#define REPORT_TEAM_H

#include "base/ctx.h"
#include "db/db.h"
#include "partner/parent.h"

/*
 * A partner's team: all who stand below it now, and what they brought, level by level.
 *
 * Level 0 is the partner itself, level 1 whom it recruited. Sums come from those that are kept by
 * month (event/standing.h): no sale is read. Nobody above or beside the partner is in them, and
 * a partner who reads (ACTOR_PARTNER) gets its own team or ERR_NOT_FOUND. At most TEAM_MAX
 * partners are looked at, the nearest first; where there are more, complete is false. Somebody
 * for whom a move is planned is in the old team until it counts, and then in the new one.
 */

#define TEAM_MAX 10000

/* What a level brought in one currency. */
struct team_volume {
	int64_t level;
	struct str currency;
	int64_t sales, revenue;
	int64_t month_revenue; /* of this month, in the organisation's time zone */
};

struct team {
	int64_t above[PARENT_DEPTH_MAX]; /* who stands above it now, the nearest first */
	size_t above_count;
	int64_t partners[PARENT_DEPTH_MAX + 1]; /* how many, by level */
	size_t levels;                   /* with level 0 */
	int64_t below;                   /* all but the partner itself */
	bool complete;
	struct team_volume *volumes;     /* by level, then currency */
	size_t volume_count;
	struct team_volume *together;    /* all below, by currency; .level is 1 */
	size_t together_count;
};

/* ERR_NOT_FOUND for a partner that is not there, or that the actor may not see. */
bool team_read(struct ctx *c, int64_t partner_id, struct team *out);

extern const struct sql *const team_sql[];

#endif
