/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define FIRST_NOON_MS 1768478400000LL /* 2026-01-15T12:00:00Z */

static struct unit_test *registered;
static size_t registered_count;
static char temp_dir[64];
static int temp_count;

void unit_register(struct unit_test *t)
{
	const char *src = strstr(t->file, "src/");

	if (src)
		t->file = src + strlen("src/");
	t->next = registered;
	registered = t;
	registered_count++;
}

void unit_fail(const char *file, int line, const char *fmt, ...)
{
	char text[2000];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	print_error("%s\n", text);
	_fail(file, line);
	abort(); /* _fail does not return, but does not say so */
}

void unit_not_true(const char *text, const struct ctx *c, const char *file, int line)
{
	if (c->err.code != ERR_NONE)
		unit_fail(file, line, "%s is false: %s on \"%s\": %s", text,
		          err_info(c->err.code)->wire, c->err.field, c->err.msg);
	unit_fail(file, line, "%s is false", text);
}

void unit_eq(long long got, long long want, const char *got_text, const char *want_text,
             const char *file, int line)
{
	if (got != want)
		unit_fail(file, line, "%s is %lld, not %s (%lld)", got_text, got, want_text, want);
}

struct str unit_from_str(struct str s)
{
	return s;
}

struct str unit_from_c(const char *s)
{
	return str_from(s);
}

void unit_eq_str(struct str got, struct str want, const char *text, const char *file, int line)
{
	if (!str_eq(got, want))
		unit_fail(file, line, "%s is\n  \"%.*s\", not\n  \"%.*s\"", text, STR_ARG(got),
		          STR_ARG(want));
}

void unit_err(const struct ctx *c, enum err_code code, const char *field, const char *text,
              const char *file, int line)
{
	if (c->err.code != code)
		unit_fail(file, line, "%s fails with %s, not %s: %s", text,
		          err_info(c->err.code)->wire, err_info(code)->wire, c->err.msg);
	if (strcmp(c->err.field, field) != 0)
		unit_fail(file, line, "%s blames \"%s\", not \"%s\": %s", text, c->err.field, field,
		          c->err.msg);
}

static pid_t child;

bool unit_fork(void)
{
	fflush(NULL);
	child = fork();
	if (child < 0)
		FAIL("cannot fork");
	if (child == 0 && !freopen("/dev/null", "w", stderr))
		_exit(3);
	return child == 0;
}

void unit_survived(void)
{
	_exit(0);
}

void unit_died(const char *text, const char *file, int line)
{
	int status = 0;

	if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status)
	    || WTERMSIG(status) != SIGABRT)
		unit_fail(file, line, "%s does not abort", text);
}

struct str unit_dir(struct ctx *c)
{
	struct str path;

	if (!temp_dir[0]) {
		snprintf(temp_dir, sizeof(temp_dir), "/tmp/partnerd-unit-XXXXXX");
		if (!mkdtemp(temp_dir))
			FAIL("cannot make %s", temp_dir);
	}
	path = arena_printf(c->arena, "%s/%d", temp_dir, ++temp_count);
	if (mkdir(path.p, 0700) != 0)
		FAIL("cannot make %s", path.p);
	return path;
}

struct str unit_file(struct ctx *c, const char *path)
{
	FILE *in = fopen(arena_printf(c->arena, "%s/%s", UNIT_SOURCE_DIR, path).p, "rb");
	struct buf b;
	size_t n;

	if (!in)
		FAIL("there is no %s", path);
	buf_init(&b, c->arena);
	while ((n = fread(buf_room(&b, 65536), 1, 65536, in)) > 0)
		b.n += n;
	fclose(in);
	buf_puts(&b, "");
	return buf_text(&b);
}

struct unit_table unit_table(struct ctx *c, const char *path, const char *fence)
{
	return (struct unit_table){ unit_file(c, path), fence, .inside = !fence };
}

bool unit_line(struct unit_table *t, struct str *out)
{
	while (t->rest.n > 0) {
		*out = str_trim(str_cut(&t->rest, '\n'));
		t->line++;
		if (t->fence && str_starts(*out, "```"))
			t->inside = str_is(*out, t->fence);
		else if (t->inside && out->n > 0 && out->p[0] != '#')
			return true;
	}
	return false;
}

static int remove_entry(const char *path, __attribute__((unused)) const struct stat *st,
                        __attribute__((unused)) int flag, __attribute__((unused)) struct FTW *at)
{
	return remove(path);
}

/* Each test in a context of its own, as a request would be. */
static void run_one(void **state)
{
	const struct unit_test *t = *state;
	struct arena arena;
	struct ctx c = { .arena = &arena, .org_id = 1, .now_ms = FIRST_NOON_MS };

	c.actor = (struct actor){ .kind = ACTOR_SYSTEM, .role = ROLE_OWNER, .sees_money = true,
		                  .sees_personal_data = true, .name = STR("test") };
	clock_shift_ms(0);
	arena_init(&arena);
	t->run(&c);
	arena_release(&arena);
}

struct choice {
	bool list;
	const char *only, *without; /* NULL: any, none */
	char **texts;
	int text_count;
};

static bool names(const struct unit_test *t, const char *text)
{
	char name[300];

	snprintf(name, sizeof(name), "%s: %s", t->file, t->name);
	return strstr(name, text) != NULL;
}

static bool is_wanted(const struct unit_test *t, const struct choice *choice)
{
	if (choice->only && !names(t, choice->only))
		return false;
	if (choice->without && names(t, choice->without))
		return false;
	for (int i = 0; i < choice->text_count; i++)
		if (names(t, choice->texts[i]))
			return true;
	return choice->text_count == 0;
}

static struct choice read_choice(int argc, char **argv)
{
	struct choice choice = { .list = false };
	int i = 1;

	for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++)
		if (strcmp(argv[i], "--list") == 0)
			choice.list = true;
		else if (strcmp(argv[i], "--only") == 0 && argv[i + 1])
			choice.only = argv[++i];
		else if (strcmp(argv[i], "--without") == 0 && argv[i + 1])
			choice.without = argv[++i];
		else
			break;
	choice.texts = argv + i;
	choice.text_count = argc - i;
	return choice;
}

static int by_place(const void *a, const void *b)
{
	const struct unit_test *const *x = a, *const *y = b;

	return strcmp((*x)->file, (*y)->file);
}

/* Registered newest first; by file, and inside a file as written. */
static struct unit_test **collect(const struct choice *choice, size_t *out_count)
{
	struct unit_test **tests = calloc(registered_count + 1, sizeof(*tests));
	size_t at = registered_count, count = 0;

	CHECK(tests);
	for (struct unit_test *t = registered; t; t = t->next)
		tests[--at] = t;
	for (size_t i = 0; i < registered_count; i++)
		if (is_wanted(tests[i], choice))
			tests[count++] = tests[i];
	if (count > 0)
		qsort(tests, count, sizeof(*tests), by_place);
	*out_count = count;
	return tests;
}

static int run_all(struct unit_test **tests, size_t count)
{
	struct CMUnitTest *cm = calloc(count + 1, sizeof(*cm));
	int failed;

	CHECK(cm);
	for (size_t i = 0; i < count; i++) {
		char name[300];

		snprintf(name, sizeof(name), "%s: %s", tests[i]->file, tests[i]->name);
		cm[i] = (struct CMUnitTest){ strdup(name), run_one, NULL, NULL, tests[i] };
	}
	failed = _cmocka_run_group_tests("unit", cm, count, NULL, NULL);
	if (temp_dir[0])
		nftw(temp_dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	for (size_t i = 0; i < count; i++)
		free((void *)(uintptr_t)cm[i].name);
	free(cm);
	return failed;
}

int main(int argc, char **argv)
{
	struct choice choice = read_choice(argc, argv);
	size_t count = 0;
	struct unit_test **tests = collect(&choice, &count);
	int failed = 0;

	if (choice.list)
		for (size_t i = 0; i < count; i++)
			printf("%s: %s\n", tests[i]->file, tests[i]->name);
	else
		failed = run_all(tests, count);
	free(tests);
	if (count == 0)
		fprintf(stderr, "unit: no test has such a name\n");
	return failed || count == 0;
}
