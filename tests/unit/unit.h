/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UNIT_H
#define UNIT_H

#include "base/check.h"
#include "base/ctx.h"

#include <stdio.h>

/*
 * Unit tests: x_test.c beside x.c.
 *
 *	#include "rules/accrue.h"
 *	#include "unit.h"
 *
 *	TEST(splitting_never_changes_the_total)
 *	{
 *		OK(…);  NO(…);  EQ(got, want);  EQ_STR(got, "want");
 *	}
 *
 * Every x_test.c is linked into one runner, `unit`, and its tests are found by
 * themselves. Names are true sentences. Each test gets a fresh context `c` with
 * an empty arena and actor ACTOR_SYSTEM at 2026-01-15T12:00:00Z, org 1. A test
 * ends at its first failure.
 *
 *	unit [--list] [--only TEXT] [--without TEXT] [TEXT...]
 *
 * runs (or lists) the tests whose "file: name" contains one of the texts (or any,
 * without one), and that of --only, and not that of --without.
 */

typedef void (*unit_fn)(struct ctx *c);

struct unit_test {
	const char *file;
	const char *name;
	unit_fn run;
	struct unit_test *next;
};

void unit_register(struct unit_test *t);

#define TEST(name) UNIT_TEST(name)
#define UNIT_TEST(test) \
	static void test_##test(struct ctx *c); \
	__attribute__((constructor)) static void register_##test(void) \
	{ \
		static struct unit_test t = { .file = __FILE__, .name = #test, .run = test_##test }; \
		unit_register(&t); \
	} \
	static void test_##test(__attribute__((unused)) struct ctx *c)

#define UNIT_HERE __FILE__, __LINE__

/*
 * The condition holds. On failure c->err is printed too, for calls that explain themselves there.
 */
#define OK(cond) ((cond) ? (void)0 : unit_not_true(#cond, c, UNIT_HERE))
#define NO(cond) ((cond) ? unit_fail(UNIT_HERE, "%s is true", #cond) : (void)0)

/* Integers of any type (also enums and booleans), got first, wanted second. */
#define EQ(got, want) unit_eq((long long)(got), (long long)(want), #got, #want, UNIT_HERE)

/* Texts: struct str, const char * or char arrays on either side; NULL equals "". */
#define EQ_STR(got, want) unit_eq_str(UNIT_STR(got), UNIT_STR(want), #got, UNIT_HERE)
#define UNIT_STR(x) _Generic((x), struct str: unit_from_str, \
	const char *: unit_from_c, char *: unit_from_c)(x)

/* The call returns false with this error (ERR_NONE is never right) on this field ("" for none). */
#define FAILS(call, err_code, err_field) \
	do { \
		NO(call); \
		unit_err(c, (err_code), (err_field), #call, UNIT_HERE); \
		fail_clear(c); \
	} while (0)

/* The statement breaks a CHECK: it must abort the program (tried in a child process). */
#define DIES(statement) \
	do { \
		if (unit_fork()) { \
			statement; \
			unit_survived(); \
		} \
		unit_died(#statement, UNIT_HERE); \
	} while (0)

/* Stop the test with a message, as printf. */
_Noreturn void unit_fail(const char *file, int line, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));
#define FAIL(...) unit_fail(UNIT_HERE, __VA_ARGS__)

/* A path of a test's own that is removed with everything in it when the runner ends. */
struct str unit_dir(struct ctx *c);

/*
 * The contents of a file below the source folder ("tests/cases/money.txt"); without it the test
 * fails.
 */
struct str unit_file(struct ctx *c, const char *path);

/*
 * A table of cases in a file, a case a line; empty lines and those that begin with # are left out.
 * With a fence ("```cases"), only what stands in such blocks of a manual counts.
 */
struct unit_table {
	struct str rest;   /* what is not read yet */
	const char *fence; /* NULL: the whole file */
	int line;          /* number of the line read last */
	bool inside;
};

struct unit_table unit_table(struct ctx *c, const char *path, const char *fence);

/* The next case, trimmed; false at the end. */
bool unit_line(struct unit_table *t, struct str *out);

_Noreturn void unit_not_true(const char *text, const struct ctx *c, const char *file, int line);
void unit_eq(long long got, long long want, const char *got_text, const char *want_text,
             const char *file, int line);
struct str unit_from_str(struct str s);
struct str unit_from_c(const char *s);
void unit_eq_str(struct str got, struct str want, const char *text, const char *file, int line);
void unit_err(const struct ctx *c, enum err_code code, const char *field, const char *text,
              const char *file, int line);
bool unit_fork(void);
_Noreturn void unit_survived(void);
void unit_died(const char *text, const char *file, int line);

#endif
