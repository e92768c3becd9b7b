/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CHECK_H
#define BASE_CHECK_H

/*
 * Assertions that stay on in production.
 *
 * CHECK is for bugs: a condition that only a wrong program can break. It logs
 * the condition with its place and aborts. Bad input is never a CHECK; it is a
 * fail() (see ctx.h) that reaches the person who sent it.
 */

#define CHECK(cond) ((cond) ? (void)0 : check_failed(#cond, __FILE__, __LINE__, __func__))

/* The number of elements of an array (not of a pointer). */
#define LEN(array) (sizeof(array) / sizeof((array)[0]))

_Noreturn void check_failed(const char *cond, const char *file, int line, const char *func);

#endif
