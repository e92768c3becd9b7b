/* SPDX-License-Identifier: Apache-2.0 */
#include "demo/demo.h"

#include "base/check.h"
#include "base/clock.h"
#include "click/click.h"
#include "demo/story.h"
#include "org/org.h"
#include "org/workspace.h"
#include "user/member.h"
#include "user/password.h"
#include "user/user.h"
#include "work/work.h"

#define DRAIN_MS 10000

/* Everything the tasks of the demo share. */
struct stage {
	struct app *app;
	bool (*stopped)(void);
	struct story *story;        /* of the brand at hand */
	const struct story *before; /* as it was before the day: a task may be run twice */
	int64_t start_ms;           /* midnight UTC of the first day */
	int64_t workspace_id;
	int64_t org_ids[CAST_BRANDS];
	int64_t partner_ids[CAST_BRANDS][STORY_PARTNERS_MAX];
	struct str password;
};

struct step {
	struct task task;
	struct stage *stage;
	bool (*run)(struct ctx *c, struct stage *s);
};

static bool run_step(struct ctx *c, struct task *t)
{
	struct step *step = (struct step *)t;

	return step->run(c, step->stage);
}

/* Run one step in the lane of an organisation (0: control), at a moment of the story (0: now). */
static bool carry_out(struct ctx *c, struct stage *s, int64_t org_id, int64_t at_ms,
                      bool (*run)(struct ctx *c, struct stage *s))
{
	struct arena arena;
	struct step step = { .stage = s, .run = run };
	bool ok;

	arena_init(&arena);
	step.task = (struct task){ .kind = org_id ? WORK_WRITE : WORK_CONTROL_WRITE,
		                   .org_id = org_id,
		                   .now_ms = at_ms,
		                   .arena = &arena,
		                   .app = s->app,
		                   .run = run_step };
	ok = work_run(s->app->work, c, &step.task);
	arena_release(&arena);
	return ok;
}

static bool open_brands(struct ctx *c, struct stage *s)
{
	struct workspace w = { .name = STR("Harbor Partners") };

	if (!workspace_create(c, &w))
		return false;
	s->workspace_id = w.id;
	for (int i = 0; i < CAST_BRANDS; i++) {
		const struct cast_brand *b = &cast_brands[i];
		struct org o = { .workspace_id = w.id,
			         .slug = str_from(b->slug),
			         .name = str_from(b->name),
			         .currency = str_from(b->currency),
			         .timezone = str_from(b->timezone),
			         .payer = PAYER_AGENCY };

		if (!org_create(c, &o))
			return false;
		s->org_ids[i] = o.id;
	}
	return true;
}

static bool add_person(struct ctx *c, struct stage *s, const struct cast_person *p)
{
	struct user u = { .email = str_from(p->email), .name = str_from(p->name),
		          .password = s->password };

	if (!user_create(c, &u))
		return false;
	if (p->brand < 0)
		return workspace_put_member(c, s->workspace_id, u.id, (enum role)p->role);

	struct member m = { .org_id = s->org_ids[p->brand],
		            .user_id = u.id,
		            .role = p->role,
		            .without_money = p->without_money,
		            .partner_id = p->partner >= 0 ? s->partner_ids[p->brand][p->partner]
		                : 0 };

	return member_put(c, &m);
}

static bool add_people(struct ctx *c, struct stage *s)
{
	for (size_t i = 0; i < CAST_PEOPLE; i++)
		if (!add_person(c, s, &cast_people[i]))
			return false;
	return true;
}

static bool play_day(struct ctx *c, struct stage *s)
{
	*s->story = *s->before;
	return story_day(c, s->story);
}

static bool pay_clicks(struct ctx *c, struct stage *s)
{
	return story_clicks(c, s->story);
}

/* Clicks are paid by the hour, when they have come out of the journal. */
static bool count_clicks(struct ctx *c, struct stage *s, int64_t at_ms)
{
	struct drain *drain = click_drain(s->app->clicks);

	if (!story_counts_clicks(s->story))
		return true;
	return (drain_wait(drain, s->story->org_id, DRAIN_MS)
	        || fail(c, ERR_STATE, NULL, "clicks could not be stored"))
	       && carry_out(c, s, s->story->org_id, at_ms, pay_clicks);
}

static bool play(struct ctx *c, struct stage *s, struct story *scratch)
{
	struct story *story = s->story;

	s->before = scratch;
	for (int day = 0; day < STORY_DAYS; day++) {
		int64_t evening_ms = story->start_ms + (day + 1) * MS_PER_DAY - 1;

		story->day = day;
		*scratch = *story;
		if (s->stopped())
			return fail(c, ERR_STATE, NULL, "interrupted while making the demo data");
		if (!carry_out(c, s, story->org_id, evening_ms, play_day)
		    || !count_clicks(c, s, evening_ms))
			return false;
	}
	return true;
}

static bool play_brand(struct ctx *c, struct stage *s, int i)
{
	struct arena arena;
	bool ok;

	arena_init(&arena);
	s->story = ARENA_NEW(&arena, struct story);
	*s->story = (struct story){
		.brand = &cast_brands[i],
		.org_id = s->org_ids[i],
		.start_ms = s->start_ms,
		.random = 2026 + (uint64_t)i,
	};
	ok = play(c, s, ARENA_NEW(&arena, struct story));
	memcpy(s->partner_ids[i], s->story->partner_ids, sizeof(s->partner_ids[i]));
	arena_release(&arena);
	return ok;
}

struct look {
	struct task task;
	enum demo_state state;
};

static bool is_brand(const struct org *o)
{
	for (int i = 0; i < CAST_BRANDS; i++)
		if (o->workspace_id != 0 && str_is(o->slug, cast_brands[i].slug))
			return true;
	return false;
}

/* What was there before the demo, if there is none yet or a half of it. */
static bool check_strangers(struct ctx *c, const struct list *orgs)
{
	struct list users;

	for (size_t i = 0; i < orgs->count; i++) {
		const struct org *o = (const struct org *)orgs->items + i;

		if (!is_brand(o))
			return fail(c, ERR_STATE, "data", "The organisation %.*s is here already:"
			            " give the demo a directory of its own",
			            STR_ARG(o->slug));
	}
	if (!user_list(c, &users))
		return false;
	return users.count == 0
	    || fail(c, ERR_STATE, "data", "There are people here already:"
	            " give the demo a directory of its own");
}

/* People are added last, all at once. */
static bool look(struct ctx *c, struct task *t)
{
	enum demo_state *state = &((struct look *)t)->state;
	struct list orgs;
	struct user u;
	bool done;

	if (!user_find_email(c, str_from(cast_people[0].email), &u, &done) || !org_list(c, &orgs))
		return false;
	*state = done ? DEMO_WHOLE : orgs.count > 0 ? DEMO_HALF : DEMO_NONE;
	return done || check_strangers(c, &orgs);
}

bool demo_look(struct ctx *c, struct app *app, enum demo_state *out)
{
	struct look l = { .task = { .kind = WORK_CONTROL_READ, .arena = c->arena, .app = app,
		                    .run = look } };

	if (!work_run(app->work, c, &l.task))
		return false;
	*out = l.state;
	return true;
}

static bool fill(struct ctx *c, struct stage *s)
{
	if (!password_hash(c, STR(CAST_PASSWORD), &s->password)
	    || !carry_out(c, s, 0, s->start_ms, open_brands))
		return false;
	for (int i = 0; i < CAST_BRANDS; i++)
		if (!play_brand(c, s, i))
			return false;
	return carry_out(c, s, 0, 0, add_people);
}

bool demo_fill(struct ctx *c, struct app *app, bool (*stopped)(void))
{
	struct stage *s = ARENA_NEW(c->arena, struct stage);
	struct str name = c->actor.name;
	bool ok;

	s->app = app;
	s->stopped = stopped;
	s->start_ms = (clock_now_ms() / MS_PER_DAY - STORY_DAYS) * MS_PER_DAY;
	c->actor.name = str_from(cast_people[0].name); /* who did it all, for pages and audit log */
	ok = fill(c, s);
	c->actor.name = name;
	return ok;
}

void demo_accounts(struct buf *b)
{
	for (size_t i = 0; i < CAST_PEOPLE; i++)
		buf_printf(b, "  %-32s %s\n", cast_people[i].email, cast_people[i].what);
	buf_printf(b, "  password of all: %s\n", CAST_PASSWORD);
}
