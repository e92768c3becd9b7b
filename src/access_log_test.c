/* SPDX-License-Identifier: Apache-2.0 */
#include "access_log.h"
#include "base/check.h"
#include "unit.h"

#include <fcntl.h>
#include <unistd.h>

/* What a function writes to standard error. */
static struct str caught(struct ctx *c, void (*write_some)(bool json), bool json)
{
	struct str path = arena_printf(c->arena, "%s/err", unit_dir(c).p);
	int before = dup(STDERR_FILENO), fd = open(path.p, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	char *text = arena_alloc(c->arena, 1 << 23);
	ssize_t n;

	OK(before >= 0 && fd >= 0);
	OK(dup2(fd, STDERR_FILENO) >= 0);
	write_some(json);
	OK(dup2(before, STDERR_FILENO) >= 0);
	n = pread(fd, text, 1 << 23, 0);
	OK(n >= 0);
	close(fd);
	close(before);
	return (struct str){ text, (size_t)n };
}

static const struct access_line line = {
	.id = STR_INIT("req_1"), .method = "GET", .route = "/api/v1/partners/:id", .status = 200,
	.us = 1234, .bytes = 56, .org_id = 1, .key_id = 2,
};

static void write_one(bool json)
{
	struct access_log *l = access_log_start(json);

	access_log_put(l, &line);
	access_log_stop(l);
}

static void write_many(bool json)
{
	struct access_log *l = access_log_start(json);

	for (int i = 0; i < 50000; i++)
		access_log_put(l, &line);
	access_log_stop(l);
}

TEST(a_request_is_one_line)
{
	struct str s = caught(c, write_one, false);

	OK(str_starts(s, "time=2"));
	OK(str_ends(s, " level=info msg=request id=req_1 method=GET route=/api/v1/partners/:id"
	               " status=200 us=1234 bytes=56 org=org_0000000000001 key=key_0000000000002\n"));
}

TEST(a_request_is_one_json_object_where_that_is_wanted)
{
	struct str s = caught(c, write_one, true);

	OK(str_starts(s, "{\"time\":\"2"));
	OK(str_ends(s, "\"status\":200,\"us\":1234,\"bytes\":56,\"org\":\"org_0000000000001\","
	               "\"key\":\"key_0000000000002\"}\n"));
}

TEST(lines_that_do_not_fit_are_counted)
{
	struct str s = caught(c, write_many, false);
	size_t lines = 0;

	for (size_t i = 0; i < s.n; i++)
		lines += s.p[i] == '\n';
	OK(lines >= 5000 && lines <= 50000);
	OK(lines == 50000 || memmem(s.p, s.n, "left out", 8) != NULL);
}
