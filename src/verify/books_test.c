/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/books.h"

#include "app.h"
#include "base/check.h"
#include "base/sign.h"
#include "event/scene.h"
#include "ledger/checkpoint.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static struct app app = { .secret = (const unsigned char *)"0123456789abcdef0123456789abcde" };

static int memory_file(struct ctx *c)
{
	int fd = memfd_create("books", MFD_CLOEXEC);

	OK(fd >= 0);
	return fd;
}

/* Three sales, one of them refunded in part, and a signed day. */
static void live(struct ctx *c, struct store *s, struct scene *scene)
{
	struct recorded r;
	bool more;

	OK(scene_open(c, s, scene, SCENE_25_PERCENT));
	c->app = &app;
	OK(scene_sale(c, scene, "a", 9900, &r));
	OK(scene_sale(c, scene, "b", 333, &r));
	OK(scene_sale(c, scene, "c", 10000, &r));
	OK(scene_refund(c, "r", "c", 4000, &r));
	c->now_ms += 2 * MS_PER_DAY;
	OK(checkpoint_make(c, &more));
}

/* The file as a text. */
static struct str export(struct ctx *c, int64_t partner_id)
{
	char *text = arena_alloc(c->arena, BOOKS_LINE_MAX);
	int fd = memory_file(c);
	ssize_t n;

	OK(books_write(c, partner_id, fd));
	n = pread(fd, text, BOOKS_LINE_MAX, 0);
	OK(n > 0);
	close(fd);
	return (struct str){ text, (size_t)n };
}

static struct str check(struct ctx *c, struct str text, struct str key)
{
	struct books_report report;
	struct buf said;

	buf_init(&said, c->arena);
	books_check_text(c, text, key, &said, &report);
	EQ(report.findings > 0, said.n > 0);
	return buf_text(&said);
}

/* The text with one thing said otherwise, and what the check says of that. */
static struct str forged(struct ctx *c, struct str text, const char *from, const char *to)
{
	const char *at = memmem(text.p, text.n, from, strlen(from));
	struct buf b;

	OK(at != NULL);
	buf_init(&b, c->arena);
	buf_put(&b, text.p, (size_t)(at - text.p));
	buf_puts(&b, to);
	buf_put(&b, at + strlen(from), text.n - (size_t)(at - text.p) - strlen(from));
	return check(c, buf_text(&b), STR(""));
}

#define SAYS(said, words) OK(strstr((said).p, words) != NULL)

STORE_TEST(an_exported_ledger_proves_itself)
{
	struct scene scene;
	struct str text;

	live(c, s, &scene);
	text = export(c, 0);
	EQ_STR(check(c, text, STR("")), "");
	EQ_STR(check(c, text, sign_public(c->arena, app.secret)), "");
	EQ_STR(check(c, export(c, scene.partner_id), STR("")), "");
	OK(scene_close(c, s));
}

STORE_TEST(a_file_of_books_from_another_key_is_found)
{
	static struct app other = { .secret = (const unsigned char *)"another secret of 32 bytes....." };
	struct scene scene;
	struct str text;

	live(c, s, &scene);
	c->app = &other;
	text = export(c, 0);
	SAYS(check(c, text, STR("")), "the checkpoint of");
	SAYS(check(c, text, sign_public(c->arena, app.secret)), "line 1: the file is signed with");
	OK(scene_close(c, s));
}

STORE_TEST(whatever_is_changed_in_a_file_of_books_is_found)
{
	struct scene scene;
	struct str text;

	live(c, s, &scene);
	text = export(c, 0);
	SAYS(forged(c, text, "\"debit\":2475", "\"debit\":2476"), "debits and credits in USD differ by 1");
	SAYS(forged(c, text, "\"kind\":\"reverse\"", "\"kind\":\"mature\""), "not what its hash says");
	SAYS(forged(c, text, "\"rate\":\"25\"", "\"rate\":\"26\""), "step \"percent\" of the explanation");
	SAYS(forged(c, text, "\"base\":9900", "\"base\":9800"), "the sale is 9800");
	SAYS(forged(c, text, "\"pending\":", "\"pending\":1"), "the entries come to");
	SAYS(forged(c, text, "\"sums\":[", "\"sums\":[{},"), "has other sums");
	SAYS(forged(c, text, "\"sentence\":", "\"sent3nce\":"), "lines before are not what their hash");
	SAYS(forged(c, text, "\"number\":2", "\"number\":3"), "entry 3 follows entry 1");
	SAYS(forged(c, text, "\"lines\":", "\"lines\":1"), "signature of the file does not hold");
	SAYS(forged(c, text, "\"object\":\"balance\"", "\"object\":\"payout\""), "out of place here");
	SAYS(forged(c, text, "\"currency\":\"USD\"", "\"currency\":\"usd\""), "line 2: currency");
	OK(scene_close(c, s));
}

STORE_TEST(a_file_of_books_that_was_cut_is_found)
{
	struct scene scene;
	struct str text, half;
	size_t end;

	live(c, s, &scene);
	text = export(c, 0);
	for (end = text.n - 1; text.p[end - 1] != '\n'; end--)
		;
	SAYS(check(c, str_slice(text, 0, text.n - 1), STR("")), "the line does not end");
	SAYS(check(c, str_slice(text, 0, end), STR("")), "a part of it is missing");
	half = check(c, str_slice(text, 0, text.n / 2), STR(""));
	EQ(str_find(half, '\n', 0) + 1, half.n); /* nothing is said of sums */
	SAYS(check(c, STR(""), STR("")), "the file is empty");
	SAYS(check(c, STR("{}\n"), STR("")), "line 1: object");
	OK(scene_close(c, s));
}

/* ---- Damage, one after the other: each must be found, and none be fatal. */

struct damaged {
	struct ctx c;        /* with memory that is emptied after each */
	struct arena memory;
	struct str text;     /* as it was written */
	struct buf b;        /* with something else in it */
	size_t tried;
};

static void damage_begin(struct damaged *d)
{
	arena_reset(&d->memory);
	buf_init(&d->b, &d->memory);
}

static void damage_found(struct damaged *d)
{
	struct ctx *c = &d->c;
	struct str said;

	d->tried++;
	said = check(c, buf_text(&d->b), STR(""));
	if (!str_starts(said, "line "))
		FAIL("not found: %s", d->b.p);
}

/* The text with what lies in from … to replaced. */
static void damage(struct damaged *d, size_t from, size_t to, struct str with)
{
	damage_begin(d);
	buf_str(&d->b, str_slice(d->text, 0, from));
	buf_str(&d->b, with);
	buf_str(&d->b, str_slice(d->text, to, d->text.n));
	damage_found(d);
}

static void damage_line(struct damaged *d, size_t from, size_t to)
{
	struct str line = str_slice(d->text, from, to - from);
	size_t next = str_find(d->text, '\n', to);

	damage(d, from, to, STR(""));
	damage(d, to, to, line);
	for (size_t cut = from + 1; cut < to; cut += 1 + line.n / 5)
		damage(d, cut, d->text.n, STR(""));
	damage(d, from + line.n / 2, to - 1, STR(""));
	if (from > 0)
		damage(d, 0, from, STR(""));
	if (next == SIZE_MAX)
		return;
	damage_begin(d);
	buf_str(&d->b, str_slice(d->text, 0, from));
	buf_str(&d->b, str_slice(d->text, to, next + 1 - to));
	buf_str(&d->b, line);
	buf_str(&d->b, str_slice(d->text, next + 1, d->text.n));
	damage_found(d);
}

/* A value of a member: one of another type, and a number that is one off. */
static void damage_value(struct damaged *d, size_t from, size_t to)
{
	static const struct str others[] = {
		STR_INIT("7"), STR_INIT("\"x\""), STR_INIT("null"), STR_INIT("{}"), STR_INIT("[3]"),
	};
	struct str is = str_slice(d->text, from, to - from);
	char text[24];
	int64_t n;

	for (size_t i = 0; i < LEN(others); i++)
		if (!str_eq(is, others[i]))
			damage(d, from, to, others[i]);
	if (!str_to_int(is, &n))
		return;
	damage(d, from, to, (struct str){ text, (size_t)snprintf(text, sizeof(text), "%lld",
	                                                        (long long)n + 1) });
	damage(d, from, to, (struct str){ text, (size_t)snprintf(text, sizeof(text), "%lld",
	                                                        (long long)n - 1) });
}

static size_t value_end(struct str text, size_t from)
{
	json_error_t error;
	json_t *value = json_loadb(text.p + from, text.n - from,
	                           JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK, &error);

	CHECK(value != NULL);
	json_decref(value);
	return from + (size_t)error.position;
}

/* In every way there is; how many those were. */
static size_t damage_all(struct ctx *c, struct str text)
{
	struct damaged d = { .c = *c, .text = text };

	arena_init(&d.memory);
	d.c.arena = &d.memory;
	for (size_t at = 0, end; at < text.n; at = end) {
		end = str_find(text, '\n', at) + 1;
		damage_line(&d, at, end);
	}
	for (size_t at = 2; at < text.n; at++)
		if (text.p[at - 1] == ':' && text.p[at - 2] == '"')
			damage_value(&d, at, value_end(text, at));
	arena_release(&d.memory);
	return d.tried;
}

STORE_TEST(a_file_of_books_is_damaged_in_every_way_and_each_time_found)
{
	struct scene scene;

	live(c, s, &scene);
	OK(damage_all(c, export(c, 0)) > 1000);
	OK(damage_all(c, export(c, scene.partner_id)) > 1000);
	OK(scene_close(c, s));
}

STORE_TEST(a_file_of_books_without_its_first_line_is_not_read)
{
	struct scene scene;
	struct str text;
	size_t first;

	live(c, s, &scene);
	text = export(c, 0);
	first = str_find(text, '\n', 0) + 1;
	EQ_STR(check(c, str_slice(text, first, text.n), STR("")),
	       "line 1: object: must be \"books\" in the first line, not \"commission\"\n");
	SAYS(check(c, arena_printf(c->arena, "%.*s%.*s", (int)first, text.p, STR_ARG(text)), STR("")),
	     "line 2: \"books\" is out of place here");
	OK(scene_close(c, s));
}

TEST(an_explanation_that_says_anything_at_all_is_survived)
{
	static const char *const steps[] = {
		"{\"step\":\"percent\",\"rate\":\"100000000\",\"of\":9223372036854775807}",
		"{\"step\":\"percent\",\"rate\":\"99999\",\"of\":999999999999999999}",
		"{\"step\":\"fixed\",\"amount\":999999999999999999,\"quantity\":999999999999999999,"
		"\"quantity_of\":1}",
		"{\"step\":\"share\",\"of\":-999999999999999999,\"shares\":[0,0],\"part\":1}",
		"{\"step\":\"share\",\"of\":100,\"shares\":[-1,2],\"part\":-1}",
		"{\"step\":\"matures\",\"days\":999999999999999999,\"from_at\":\"9999-12-31\"}",
		"{\"step\":\"convert\",\"of\":999999999999999999,\"from\":\"BHD\",\"to\":\"JPY\","
		"\"from_rate\":\"0.00000001\",\"to_rate\":\"999999999\"}",
		"{\"step\":\"cap\",\"limit\":-999999999999999999,\"used\":999999999999999999}", "3", "[]",
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct str line = arena_printf(
		        c->arena,
		        "{\"object\":\"books\",\"version\":1,\"organisation\":\"org_0000000000001\","
		        "\"made_at\":\"2026-01-01\",\"public_key\":\"%064d\"}\n"
		        "{\"object\":\"commission\",\"id\":\"com_0000000000001\",\"partner\":"
		        "\"prt_0000000000001\",\"currency\":\"USD\",\"event\":\"evt_0000000000001\","
		        "\"kind\":\"own\",\"status\":\"pending\",\"amount\":1,\"base\":1,\"reversed\":0,"
		        "\"matures_at\":\"2026-01-01\",\"explanation\":{\"steps\":[%s]}}\n", 0, steps[i]);

		SAYS(check(c, line, STR("")), "line 2: ");
	}
}
