/* SPDX-License-Identifier: Apache-2.0 */
#include "net/fixture.h"

#include <unistd.h>

static const struct {
	int status;       /* 0: closed without an answer is fine too */
	const char *why;
	struct str text;
} refused[] = {
	{ 400, "length and coding", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
	  "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n") },
	{ 400, "two lengths", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
	  "Content-Length: 6\r\n\r\nhello!") },
	{ 400, "the same length twice", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
	  "Content-Length: 5\r\n\r\nhello") },
	{ 400, "a list of lengths", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n"
	  "hello") },
	{ 400, "a signed length", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n"
	  "hello") },
	{ 400, "a negative length", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n") },
	{ 400, "a hexadecimal length", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\n"
	  "hello") },
	{ 400, "an empty length", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n") },
	{ 0, "an enormous length", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\n"
	  "Content-Length: 99999999999999999999999\r\n\r\n") },
	{ 501, "another coding", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\n"
	  "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n") },
	{ 501, "a hidden coding", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\n"
	  "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n") },
	{ 400, "two codings", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
	  "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n") },
	{ 400, "a coding in HTTP/1.0", STR_INIT("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"
	  "0\r\n\r\n") },
	{ 400, "a folded header", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n") },
	{ 400, "a header folded by a tab",
	  STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n\tc\r\n\r\n") },
	{ 400, "a folded first header", STR_INIT("GET / HTTP/1.1\r\n Host: a\r\n\r\n") },
	{ 400, "a blank before the colon",
	  STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nX-A : b\r\n\r\n") },
	{ 400, "a length with a blank before the colon", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\n"
	  "Content-Length : 5\r\n\r\nhello") },
	{ 400, "a header without a name", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n") },
	{ 400, "a header without a colon",
	  STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n") },
	{ 400, "a name that is no token",
	  STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nX(A): b\r\n\r\n") },
	{ 400, "a NUL in a value", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nX-A: b\0c\r\n\r\n") },
	{ 400, "a NUL in a name", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nX-\0A: b\r\n\r\n") },
	{ 400, "a NUL at the end of a value",
	  STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nX-A: b\0\r\n\r\n") },
	{ 400, "a CR in a value", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nX-A: b\rc\r\n\r\n") },
	{ 400, "a control character", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nX-A: b\x01\r\n\r\n") },
	{ 400, "a header line without CR",
	  STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nX-A: b\nX-B: c\r\n\r\n") },
	{ 400, "a request line without CR", STR_INIT("GET / HTTP/1.1\nHost: a\r\n\r\n") },
	{ 400, "an empty line without CR", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\n\n") },
	{ 400, "NULs at the end", STR_INIT("GET / HTTP/1.1\r\nHost: a\0\0\r\n\r\n") },
	{ 400, "no host", STR_INIT("GET / HTTP/1.1\r\n\r\n") },
	{ 400, "two hosts", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n") },
	{ 400, "an empty host", STR_INIT("GET / HTTP/1.1\r\nHost:\r\n\r\n") },
	{ 400, "a host with a path", STR_INIT("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n") },
	{ 400, "a host with a user", STR_INIT("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n") },
	{ 400, "another host in the target",
	  STR_INIT("GET http://b/x HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ 400, "two blanks in the request line", STR_INIT("GET  / HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ 400, "two blanks before the version", STR_INIT("GET /  HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ 400, "a blank in the target", STR_INIT("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ 400, "a blank after the version", STR_INIT("GET / HTTP/1.1 \r\nHost: a\r\n\r\n") },
	{ 400, "a target without a slash", STR_INIT("GET x HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ 400, "a fragment", STR_INIT("GET /#x HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ 400, "a tunnel", STR_INIT("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n") },
	{ 0, "no version", STR_INIT("GET /\r\nHost: a\r\n\r\n") },
	{ 0, "version 1.2", STR_INIT("GET / HTTP/1.2\r\nHost: a\r\n\r\n") },
	{ 0, "version 2", STR_INIT("GET / HTTP/2.0\r\nHost: a\r\n\r\n") },
	{ 0, "a version in lower case", STR_INIT("GET / http/1.1\r\nHost: a\r\n\r\n") },
	{ 0, "nonsense", STR_INIT("\x16\x03\x01\x02\x00\x01\x00\r\n\r\n") },
	{ 417, "an expectation", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nExpect: gold\r\n"
	  "Content-Length: 1\r\n\r\n1") },
	{ 413, "a body over the limit", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\n"
	  "Content-Length: 1048577\r\n\r\n") },
	{ 400, "a chunk with a bad size", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\n"
	  "Transfer-Encoding: chunked\r\n\r\n0_2e\r\nabc\r\n0\r\n\r\n") },
	{ 400, "a chunk longer than it says", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\n"
	  "Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n") },
};

static void refuse_all(struct ctx *c, bool fast)
{
	struct web *f = web_start(c, (struct server_config){ 0 });

	f->all_fast = fast;
	for (size_t i = 0; i < LEN(refused); i++) {
		int fd = web_dial(f);

		web_say(fd, refused[i].text);
		web_say(fd, STR("GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"));
		struct str a = web_hear(c, fd, 0);
		int status = web_status(a);
		bool fine = refused[i].status ? status == refused[i].status : status == 0
		    || status >= 400;

		if (!fine)
			FAIL("%s: %d instead of %d", refused[i].why, status, refused[i].status);
		if (web_has(a, "/smuggled"))
			FAIL("%s: the next request was answered", refused[i].why);
		close(fd);
	}
	web_stop(f);
}

TEST(what_is_not_exactly_http_is_refused_and_the_connection_closed)
{
	refuse_all(c, false);
}

TEST(neither_does_the_front_answer_what_is_not_exactly_http)
{
	refuse_all(c, true);
}
