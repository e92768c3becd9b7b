/* SPDX-License-Identifier: Apache-2.0 */
#include "health.h"
#include "access/access.h"
#include "app.h"
#include "base/check.h"
#include "base/clock.h"
#include "click/click.h"
#include "db/db.h"
#include "dispatch.h"
#include "fx/fx_rate.h"
#include "net/server.h"
#include "settings.h"
#include "webhook/courier.h"
#include "work/work.h"

#include <stdio.h>
#include <unistd.h>

static const struct sql SQL_READY = {
	.text = "SELECT COUNT(*) FROM org WHERE id = 0", .control = true, .global = true,
};

const struct sql *const health_sql[] = { &SQL_READY, NULL };

bool health_live(struct ctx *c, const struct req *q, struct res *r)
{
	(void)c;
	(void)q;
	res_json(r, 200, STR("{\"status\":\"ok\",\"version\":\"" PARTNERD_VERSION "\"}"));
	return true;
}

bool health_ready(struct ctx *c, const struct req *q, struct res *r)
{
	int64_t count;

	(void)q;
	if (!db_int(c, &SQL_READY, NO_ARGS, &count))
		return false;
	res_json(r, 200, STR("{\"status\":\"ready\"}"));
	return true;
}

struct metric {
	const char *name, *type, *help;
	int64_t value;
};

static void put(struct buf *b, const struct metric *m, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_printf(b, "# HELP partnerd_%s %s\n# TYPE partnerd_%s %s\npartnerd_%s %lld\n",
		           m[i].name,
		           m[i].help, m[i].name, m[i].type, m[i].name, (long long)m[i].value);
}

static void put_server(struct buf *b, const struct app *app)
{
	struct server_stats s = server_stats(app->server);
	const struct metric m[] = {
		{ "http_requests_total", "counter", "Requests received.", s.requests },
		{ "http_connections", "gauge", "Connections open now.", s.connections },
		{ "http_sent_bytes_total", "counter", "Bytes of answers.", s.bytes_out },
	};

	put(b, m, LEN(m));
	buf_puts(b, "# HELP partnerd_http_answers_total Answers by class of status.\n"
	            "# TYPE partnerd_http_answers_total counter\n");
	for (int i = 1; i < 6; i++)
		buf_printf(b, "partnerd_http_answers_total{class=\"%dxx\"} %lld\n", i,
		           (long long)s.answers_by_class[i]);
}

static void put_work(struct buf *b, const struct app *app)
{
	struct work_stats w = work_stats(app->work);
	const struct metric m[] = {
		{ "tasks_total", "counter", "Tasks carried out.", w.tasks },
		{ "batches_total", "counter", "Transactions of lanes.", w.batches },
		{ "commits_failed_total", "counter", "Commits that failed.", w.commits_failed },
		{ "tasks_refused_total", "counter", "Tasks refused by a full queue.", w.refused },
		{ "lanes_busy", "gauge", "Lanes that run now.", w.lanes_busy },
		{ "reads_queued", "gauge", "Reads that wait.", w.reads_queued },
		{ "writes_queued", "gauge", "Writes that wait.", w.writes_queued },
	};

	put(b, m, LEN(m));
}

static void put_clicks(struct buf *b, const struct app *app)
{
	struct click_stats k = click_stats(app->clicks);
	const struct metric m[] = {
		{ "redirects_total", "counter", "Links followed.", k.count[CLICK_REDIRECTS] },
		{ "redirects_unknown_total", "counter", "Links asked for that are none.",
		  k.count[CLICK_UNKNOWN] },
		{ "clicks_bots_total", "counter", "Clicks of programs.", k.count[CLICK_BOTS] },
		{ "clicks_journalled_total", "counter", "Clicks written down.",
		  k.journal.appended },
		{ "clicks_lost_total", "counter", "Clicks without room to write them down.",
		  k.journal.lost },
		{ "clicks_unsafe_total", "counter",
		  "Clicks that strict_clicks could not bring to disk.", k.journal.unsafe },
		{ "clicks_flushes_failed_total", "counter", "Times the disk refused clicks.",
		  k.journal.flush_errors },
		{ "clicks_drained_total", "counter", "Clicks moved into a database.",
		  k.drain.drained },
		{ "clicks_pending", "gauge", "Clicks not yet in a database.", k.drain.pending },
		{ "links", "gauge", "Links in memory.", k.links.links },
	};

	put(b, m, LEN(m));
}

static void put_access(struct buf *b, const struct app *app)
{
	struct cache_stats k = cache_stats(app->access->cache);
	struct dispatch_stats d = dispatch_stats(app->dispatch);
	const struct metric m[] = {
		{ "access_memory_hits_total", "counter", "Keys and sessions known by heart.",
		  k.hits },
		{ "access_memory_misses_total", "counter", "Keys and sessions looked up.",
		  k.misses },
		{ "sign_ins_waiting", "gauge", "Passwords that wait to be checked.",
		  d.slow_waiting },
		{ "sign_ins_refused_total", "counter", "Sign-ins refused by a full queue.",
		  d.slow_refused },
		{ "rate_refused_total", "counter", "Requests over the limit of their key.",
		  d.rate_refused },
	};

	put(b, m, LEN(m));
}

static void put_fx(struct buf *b)
{
	int64_t last = fx_rate_last_seen();
	const struct metric m = { "fx_age_days", "gauge",
		                  "Days since the newest exchange rates were published; -1: none.",
		                  last ? clock_now_ms() / MS_PER_DAY - last : -1 };

	put(b, &m, 1);
}

static void put_webhooks(struct buf *b, const struct app *app)
{
	struct courier_stats k = courier_stats(app->courier);
	const struct metric m[] = {
		{ "webhooks_delivered_total", "counter", "Webhooks that were taken.", k.delivered },
		{ "webhooks_failed_total", "counter", "Attempts of webhooks that failed.", k.failed },
		{ "webhooks_under_way", "gauge", "Webhooks being sent.", k.under_way },
	};

	put(b, m, LEN(m));
}

static void put_process(struct buf *b)
{
	char text[128] = "";
	FILE *f = fopen("/proc/self/statm", "re");
	struct str rest, size;
	int64_t pages;

	if (f && !fgets(text, sizeof(text), f))
		text[0] = 0;
	rest = str_from(text);
	size = str_cut(&rest, ' ');
	if (size.n > 0 && str_to_int(str_cut(&rest, ' '), &pages))
		buf_printf(b, "# TYPE process_resident_memory_bytes gauge\n"
		              "process_resident_memory_bytes %lld\n",
		           (long long)pages * sysconf(_SC_PAGESIZE));
	if (f)
		fclose(f);
}

bool health_metrics(struct ctx *c, const struct req *q, struct res *r)
{
	const struct app *app = app_of(c);
	struct str who = app->settings->metrics;
	struct buf b;

	if (str_is(who, "nobody") || (str_is(who, "local") && access_tells_apart(q->remote_ip)))
		return fail(c, ERR_NOT_FOUND, NULL, "There is nothing here");
	buf_init(&b, c->arena);
	put_server(&b, app);
	put_work(&b, app);
	if (app->clicks)
		put_clicks(&b, app);
	put_access(&b, app);
	put_fx(&b);
	if (app->courier)
		put_webhooks(&b, app);
	put_process(&b);
	res_text(r, 200, STR("text/plain; version=0.0.4; charset=utf-8"), buf_text(&b));
	return true;
}
