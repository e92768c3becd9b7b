/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"
#include "verify/books.h"

/* Whoever wrote the file may have meant harm. Nothing that was not signed passes. */
FUZZ
{
	struct books_report report;
	struct buf said;

	buf_init(&said, c->arena);
	books_check_text(c, text, STR(""), &said, &report);
	CHECK(c->err.code == ERR_NONE);
	CHECK((report.findings > 0) == (said.n > 0));
	CHECK(report.findings > 0 || report.lines >= 2);
}
