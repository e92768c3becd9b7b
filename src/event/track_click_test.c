/* SPDX-License-Identifier: Apache-2.0 */
#include "event/track_click.h"

#include "app.h"
#include "click/click.h"
#include "event/scene.h"
#include "link/link.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

/* Clicks without a drain: what is taken of the journal stays taken. */
static struct clicks *open_clicks(struct ctx *c)
{
	struct click_config config = { .data_dir = unit_dir(c), .eager = true,
	                               .segment_bytes = 65536 };
	struct clicks *k = click_open(c, &config);

	OK(k != NULL);
	usleep(300000); /* the next segment is ready */
	return k;
}

/* With no room for another segment, take nearly all there is. */
static void fill(struct ctx *c, struct clicks *k, struct rlimit *before)
{
	struct rlimit none = { 1024, 1024 };
	struct click click = { .id = 1, .org_id = 1 };

	OK(getrlimit(RLIMIT_FSIZE, before) == 0);
	none.rlim_max = before->rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	OK(setrlimit(RLIMIT_FSIZE, &none) == 0);
	while (journal_has_room(click_journal(k)))
		OK(click_keep(k, &click));
	OK(click_keep(k, &click));
}

STORE_TEST(a_click_of_a_batch_that_finds_no_room_is_refused_before_the_commit)
{
	struct app app = { .clicks = open_clicks(c) };
	struct rlimit before;
	struct scene scene;
	int64_t id;

	OK(scene_open(c, s, &scene, SCENE_25_PERCENT));
	struct link link = { .partner_id = scene.partner_id, .campaign_id = scene.campaign_id,
		             .slug = STR("bob-1") };
	json_t *body = json_pack("{s:s}", "slug", "bob-1");

	OK(link_create(c, &link));
	OK(scene_close(c, s));
	OK(fixture_read(c, s, 1));
	c->app = &app;
	c->hooks = NULL;
	OK(track_click_later(c, body, &id));
	OK(c->hooks != NULL); /* it will be kept after the commit */
	EQ(journal_stats(click_journal(app.clicks)).appended, 0);
	fill(c, app.clicks, &before);
	c->hooks = NULL;
	NO(track_click_later(c, body, &id));
	EQ(c->err.code, ERR_FULL);
	OK(c->hooks == NULL);
	OK(setrlimit(RLIMIT_FSIZE, &before) == 0);
	signal(SIGXFSZ, SIG_DFL);
	fixture_rollback(c, s);
	c->app = NULL;
	json_decref(body);
	click_close(app.clicks, 0);
}
