/* SPDX-License-Identifier: Apache-2.0 */
#include "click/redirect.h"
#include "base/id.h"
#include "unit.h"

#include <signal.h>
#include <sodium.h>
#include <sys/resource.h>

static struct clicks *start(struct ctx *c)
{
	struct click_config config = { .data_dir = unit_dir(c), .segment_bytes = 65536 };
	struct clicks *k = click_open(c, &config);
	struct link_entry shared = { .org_id = 1,
				     .link_id = 2,
				     .partner_id = 3,
				     .campaign_id = 4,
				     .slug = STR("summer"),
				     .url = STR("https://shop.example/?a=1#top") };
	struct link_entry own = { .org_id = 5, .link_id = 6, .host = STR("go.acme.example"),
	                          .slug = STR("summer"), .url = STR("https://acme.example/") };
	struct link_entry suspended = { .org_id = 1,
					.link_id = 7,
					.slug = STR("old"),
					.url = STR("https://shop.example/old"),
					.flags = LINK_SUSPENDED };

	OK(k != NULL);
	OK(link_table_add(click_links(k), &shared));
	OK(link_table_add(click_links(k), &own));
	OK(link_table_add(click_links(k), &suspended));
	redirect_use(k);
	return k;
}

static struct str header_of(const struct res *r, const char *name)
{
	for (size_t i = 0; i < r->header_count; i++)
		if (str_eq_nocase(r->headers[i].name, str_from(name)))
			return r->headers[i].value;
	return (struct str){ 0 };
}

static struct req request(struct ctx *c, const char *slug)
{
	static const struct req_header headers[] = {
		{ STR_INIT("Host"), STR_INIT("go.example") },
		{ STR_INIT("User-Agent"),
		  STR_INIT("Mozilla/5.0 (X11; Linux x86_64) Gecko Firefox/121.0") },
		{ STR_INIT("Accept"), STR_INIT("text/html") },
		{ STR_INIT("Referer"), STR_INIT("https://blog.example/post?private=1") },
	};

	return (struct req){ .arena = c->arena, .method = METHOD_GET, .args = { str_from(slug) },
	                     .arg_count = 1, .host = STR("go.example:8080"),
	                     .remote_ip = STR("192.0.2.7"), .headers = headers, .header_count = 4 };
}

static struct res answer(struct ctx *c, const struct req *q)
{
	struct res r;

	res_init(&r, c->arena);
	OK(redirect_run(c, q, &r));
	return r;
}

static int read_clicks(struct clicks *k, struct click *out_last)
{
	struct journal_cursor at = { .pos = journal_start(click_journal(k)) };
	int64_t where;
	int count = 0;

	while (journal_next(click_journal(k), &at, out_last, &where))
		count++;
	return count;
}

TEST(a_visitor_is_sent_on_and_the_click_is_recorded)
{
	struct clicks *k = start(c);
	struct req q = request(c, "summer");

	q.query_text = STR("utm_source=mail&sub=x%201&evil=1");
	struct res r = answer(c, &q);
	struct click click;

	EQ(read_clicks(k, &click), 1);
	EQ(r.status, 302);
	EQ_STR(header_of(&r, "location"),
	       arena_printf(c->arena,
			    "https://shop.example/?a=1&utm_source=mail&sub=x%%201&click_id=%s#top",
			    id_str(c->arena, ID_CLICK, click.id).p));
	EQ_STR(header_of(&r, "referrer-policy"), "no-referrer-when-downgrade");
	OK(r.bare);
	NO(r.cacheable);
	EQ(r.body.n, 0);
	EQ(click.org_id, 1);
	EQ(click.link_id, 2);
	EQ(click.partner_id, 3);
	EQ(click.campaign_id, 4);
	EQ(click.at_ms, c->now_ms);
	EQ(click.flags, 0);
	EQ_STR(click.referrer, "blog.example");
	EQ_STR(click.utm, "mail\t\t");
	EQ_STR(click.sub, "x 1");
	EQ(click_stats(k).count[CLICK_REDIRECTS], 1);
	click_close(k, 0);
}

TEST(an_unknown_link_gets_a_small_page)
{
	static const char *const slugs[] = { "winter", "", "Summer", "summer/x", "a b" };
	struct clicks *k = start(c);
	struct click click;

	for (size_t i = 0; i < LEN(slugs); i++) {
		struct req q = request(c, slugs[i]);
		struct res r = answer(c, &q);

		EQ(r.status, 404);
		EQ_STR(r.content_type, "text/html; charset=utf-8");
		OK(r.static_size > 500 && r.static_size < 2000);
		EQ_STR(header_of(&r, "location"), "");
	}
	EQ(read_clicks(k, &click), 0);
	EQ(click_stats(k).count[CLICK_UNKNOWN], (int64_t)LEN(slugs));
	click_close(k, 0);
}

TEST(the_page_for_unknown_links_may_use_its_own_style_and_nothing_else)
{
	struct clicks *k = start(c);
	struct req q = request(c, "winter");
	struct res r = answer(c, &q);
	const char *page = r.static_body;
	const char *style = strstr(page, "<style>") + strlen("<style>");
	unsigned char hash[crypto_hash_sha256_BYTES];
	char text[sodium_base64_ENCODED_LEN(sizeof(hash), sodium_base64_VARIANT_ORIGINAL)];

	crypto_hash_sha256(hash, (const unsigned char *)style,
			   (size_t)(strstr(style, "</style>") - style));
	sodium_bin2base64(text, sizeof(text), hash, sizeof(hash), sodium_base64_VARIANT_ORIGINAL);
	OK(strstr(header_of(&r, "content-security-policy").p, text) != NULL);
	OK(strstr(page, "<script") == NULL && strstr(page, "http") == NULL);
	click_close(k, 0);
}

TEST(an_own_host_has_its_own_links_whatever_its_case_and_port)
{
	static const char *const hosts[] = { "go.acme.example", "GO.Acme.Example:443" };
	struct clicks *k = start(c);

	for (size_t i = 0; i < LEN(hosts); i++) {
		struct req q = request(c, "summer");

		q.host = str_from(hosts[i]);
		struct res r = answer(c, &q);

		OK(str_starts(header_of(&r, "location"), "https://acme.example/?click_id=clk_"));
		q.args[0] = STR("old");
		EQ(answer(c, &q).status, 404);
	}
	click_close(k, 0);
}

TEST(a_head_request_and_a_suspended_link_are_no_clicks)
{
	struct clicks *k = start(c);
	struct req head = request(c, "summer"), suspended = request(c, "old");
	struct click click;

	head.method = METHOD_HEAD;
	struct res r = answer(c, &head);

	EQ(r.status, 302);
	EQ_STR(header_of(&r, "location"), "https://shop.example/?a=1#top");
	r = answer(c, &suspended);
	EQ_STR(header_of(&r, "location"), "https://shop.example/old");
	EQ(read_clicks(k, &click), 0);
	click_close(k, 0);
}

static int64_t flags_with(struct ctx *c, struct clicks *k, const char *name, const char *value)
{
	struct req_header headers[] = {
		{ STR_INIT("User-Agent"), STR_INIT("Mozilla/5.0 Firefox/121.0") },
		{ str_from(name), str_from(value) },
	};
	struct req q = request(c, "summer");
	struct click click;

	q.headers = headers;
	q.header_count = str_is(headers[1].name, "User-Agent") ? 1 : 2;
	if (q.header_count == 1)
		q.headers++;
	(void)answer(c, &q);
	OK(read_clicks(k, &click) > 0);
	return click.flags;
}

TEST(prefetches_and_programs_are_marked)
{
	struct clicks *k = start(c);

	EQ(flags_with(c, k, "Accept", "*/*"), 0);
	EQ(flags_with(c, k, "sec-purpose", "prefetch;prerender"), CLICK_PREFETCH);
	EQ(flags_with(c, k, "Purpose", "prefetch"), CLICK_PREFETCH);
	EQ(flags_with(c, k, "X-Moz", "prefetch"), CLICK_PREFETCH);
	EQ(flags_with(c, k, "X-Purpose", "preview"), CLICK_PREFETCH);
	EQ(flags_with(c, k, "User-Agent", "curl/8.0"), CLICK_BOT);
	EQ(flags_with(c, k, "User-Agent", ""), CLICK_BOT);
	EQ(click_stats(k).count[CLICK_BOTS], 2);
	click_close(k, 0);
}

static uint64_t device(const struct clicks *k, const char *ip, const char *agent, int64_t at_ms)
{
	struct visit v = { .at_ms = at_ms, .ip = str_from(ip), .user_agent = str_from(agent) };

	return click_device(k, &v);
}

TEST(a_device_is_known_all_day_and_not_the_next)
{
	struct clicks *k = start(c), *other;
	int64_t noon = c->now_ms, day = 86400000;
	uint64_t one = device(k, "192.0.2.7", "Firefox", noon);

	OK(device(k, "192.0.2.7", "Firefox", noon + day / 2 - 1) == one);
	OK(device(k, "::ffff:192.0.2.7", "Firefox", noon) == one);
	OK(device(k, "192.0.2.7", "Firefox", noon + day / 2) != one);
	OK(device(k, "192.0.2.8", "Firefox", noon) != one);
	OK(device(k, "192.0.2.7", "Chrome", noon) != one);
	OK(device(k, "2001:db8::1", "x", noon) == device(k, "2001:db8::2", "x", noon));
	OK(device(k, "2001:db8::1", "x", noon) != device(k, "2001:db8:1::1", "x", noon));
	EQ_STR(click_device_text(c->arena, 0xfedcba98), "00000000fedcba98");
	other = start(c);
	OK(device(other, "192.0.2.7", "Firefox", noon) != one);
	click_close(k, 0);
	click_close(other, 0);
}

TEST(servers_with_the_same_secret_know_the_same_devices)
{
	struct click_config a = { .data_dir = unit_dir(c),
				  .secret = STR("shared"),
				  .segment_bytes = 65536 };
	struct click_config b = a;

	b.data_dir = unit_dir(c);
	struct clicks *one = click_open(c, &a), *two = click_open(c, &b);

	OK(one && two);
	OK(device(one, "192.0.2.7", "x", c->now_ms) == device(two, "192.0.2.7", "x", c->now_ms));
	click_close(one, 0);
	click_close(two, 0);
}

TEST(a_full_disk_does_not_stop_visitors)
{
	struct clicks *k = start(c);
	struct req q = request(c, "summer");
	struct rlimit before, none = { 1024, 1024 };
	struct res r;

	OK(getrlimit(RLIMIT_FSIZE, &before) == 0);
	none.rlim_max = before.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	OK(setrlimit(RLIMIT_FSIZE, &none) == 0);
	r = answer(c, &q);
	OK(setrlimit(RLIMIT_FSIZE, &before) == 0);
	signal(SIGXFSZ, SIG_DFL);
	EQ(r.status, 302);
	OK(header_of(&r, "location").n > 0);
	EQ(click_stats(k).journal.lost, 1);
	click_close(k, 0);
}
