/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/shape.h"

#include "base/check.h"
#include "data/scan.h"

#include <stdlib.h>

#define SHAPES 8
#define STEPS_MAX 12
#define VALUES_MAX 64
#define TEXT_MAX 2048
#define WORD_MAX 16 /* longer texts differ from one explanation to the next */
#define LEARN_EACH 8 /* of those that are of no shape yet */

/* A place whose bytes differ, behind some that do not. */
struct value {
	size_t at, same; /* where it begins; bytes before it, from the end of the last value */
	size_t step, member;
	bool is_text;
};

struct shape {
	char text[TEXT_MAX]; /* the steps of the explanation it was made of */
	size_t n, tail;      /* its length; bytes behind the last value */
	struct step steps[STEPS_MAX];
	size_t step_count;
	struct value values[VALUES_MAX];
	size_t value_count;
};

struct shapes {
	struct shape *all[SHAPES];
	size_t count, newest, last; /* the one that fitted last */
	size_t unknown;
};

struct shapes *shapes_new(void)
{
	struct shapes *all = calloc(1, sizeof(*all));

	CHECK(all != NULL);
	return all;
}

void shapes_free(struct shapes *all)
{
	for (size_t i = 0; i < all->count; i++)
		free(all->all[i]);
	free(all);
}

/* ---- Reading by a shape. */

/* A text without its quotes, which are among what is the same. */
static bool take_value(struct scan *s, const struct value *v, struct shape *shape)
{
	struct step_member *member = &shape->steps[v->step].members[v->member];
	const char *from = s->p;

	if (!v->is_text)
		return step_scan_number(s, &member->number)
		       && step_is_sane(member->is, member->number);
	s->p = scan_plain(s->p, s->end, 127);
	member->text = (struct str){ from, (size_t)(s->p - from) };
	return true;
}

static bool fits(struct shape *shape, struct scan s)
{
	for (size_t i = 0; i < shape->value_count; i++) {
		const struct value *v = &shape->values[i];

		if (!scan_word(&s, (struct str){ shape->text + v->at - v->same, v->same })
		    || !take_value(&s, v, shape))
			return false;
	}
	return scan_word(&s, (struct str){ shape->text + shape->n - shape->tail, shape->tail })
	       && s.p == s.end;
}

/* The one that fitted last is the likeliest. */
static struct shape *find(struct shapes *all, const struct scan *s)
{
	for (size_t i = 0; i < all->count; i++) {
		size_t k = (all->last + i) % all->count;

		if (fits(all->all[k], *s)) {
			all->last = k;
			return all->all[k];
		}
	}
	return NULL;
}

/* ---- Making one. */

struct learning {
	void (*fn)(const struct step *s, void *arg);
	void *arg;
	struct shape *shape; /* NULL: it cannot be one */
	const char *text;    /* of the explanation, from its steps on */
};

/*
 * A number, or a text that is long or begins with a digit: amounts, rates, times. What a step is
 * called belongs to the shape in any case.
 */
static bool differs(bool is_text, enum member_key key, struct str text)
{
	if (key == MEMBER_NAME)
		return false;
	return !is_text || text.n > WORD_MAX || (text.n > 0 && text.p[0] >= '0' && text.p[0] <= '9');
}

/* Lists are left to the scan: they may have other lengths. */
static void learn_step(const struct step *step, void *arg)
{
	struct learning *l = arg;
	struct shape *shape = l->shape;

	l->fn(step, l->arg);
	if (!shape || shape->step_count == STEPS_MAX || step->odd
	    || shape->value_count + step->count > VALUES_MAX) {
		l->shape = NULL;
		return;
	}
	for (size_t i = 0; i < step->count; i++) {
		struct str text = step->members[i].text, key = step->members[i].key;
		const char *at = key.p + key.n + 2; /* behind ": */
		bool is_text = *at == '"';

		if (differs(is_text, step->members[i].is, text))
			shape->values[shape->value_count++] = (struct value){
				.at = (size_t)(at + is_text - l->text), .step = shape->step_count,
				.member = i, .is_text = is_text };
	}
	shape->steps[shape->step_count++] = *step;
}

/* Where the bytes that are the same lie, and words in the shape's own text. */
static void settle(struct shape *shape, const char *text)
{
	struct scan s = { text, text + shape->n, NULL };
	int64_t number;

	for (size_t i = 0; i < shape->value_count; i++) {
		struct value *v = &shape->values[i];

		v->same = v->at - (size_t)(s.p - text);
		s.p = text + v->at;
		if (v->is_text)
			s.p = scan_plain(s.p, s.end, 127);
		else
			CHECK(step_scan_number(&s, &number));
	}
	shape->tail = (size_t)(s.end - s.p);
	memcpy(shape->text, text, shape->n);
	for (size_t i = 0; i < shape->step_count; i++)
		for (size_t k = 0; k < shape->steps[i].count; k++) {
			struct str *key = &shape->steps[i].members[k].key;
			struct str *word = &shape->steps[i].members[k].text;

			key->p = shape->text + (key->p - text);
			word->p = word->n > 0 ? shape->text + (word->p - text) : "";
		}
}

static void keep(struct shapes *all, struct shape *shape)
{
	size_t at = all->count < SHAPES ? all->count++ : (all->newest + 1) % SHAPES;

	free(all->all[at]);
	all->all[at] = shape;
	all->newest = all->last = at;
}

static bool learn(struct shapes *all, struct scan *s, struct learning *l)
{
	struct shape *made = calloc(1, sizeof(*made));
	bool ok;

	CHECK(made != NULL);
	made->n = (size_t)(s->end - s->p);
	l->text = s->p;
	l->shape = made->n <= TEXT_MAX ? made : NULL;
	ok = step_scan_steps(s, learn_step, l);
	if (ok && l->shape && !memchr(l->text + 1, '[', made->n - 1)) {
		settle(made, l->text);
		keep(all, made);
	} else {
		free(made);
	}
	return ok;
}

bool shapes_scan(struct shapes *all, struct str explanation,
                 void (*fn)(const struct step *s, void *arg), void *arg)
{
	struct scan s = { explanation.p, explanation.p + explanation.n, NULL };
	struct learning l = { .fn = fn, .arg = arg };
	const struct shape *shape;

	if (!step_scan_head(&s))
		return false;
	shape = find(all, &s);
	if (!shape)
		return all->unknown++ % LEARN_EACH == 0 ? learn(all, &s, &l)
		                                        : step_scan_steps(&s, fn, arg);
	for (size_t i = 0; i < shape->step_count; i++)
		fn(&shape->steps[i], arg);
	return true;
}
