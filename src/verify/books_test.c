/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/books.h"

#include "app.h"
#include "base/sign.h"
#include "event/scene.h"
#include "ledger/checkpoint.h"

#include <fcntl.h>
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
