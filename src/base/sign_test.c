/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sign.h"
#include "unit.h"

static const unsigned char secret[32] = "0123456789abcdef0123456789abcde";

TEST(a_signature_holds_for_its_text_and_key_only)
{
	struct arena *a = c->arena;
	struct str key = sign_public(a, secret), s = sign_text(a, secret, STR("one"));
	unsigned char other[32] = { 1 };

	EQ(key.n, SIGN_PUBLIC_LENGTH);
	EQ(s.n, SIGN_SIGNATURE_LENGTH);
	OK(sign_holds(key, STR("one"), s));
	OK(!sign_holds(key, STR("two"), s));
	OK(!sign_holds(sign_public(a, other), STR("one"), s));
	OK(!sign_holds(key, STR("one"), sign_text(a, other, STR("one"))));
	OK(str_eq(key, sign_public(a, secret)));
}

TEST(what_is_no_key_or_signature_holds_nothing)
{
	struct str key = sign_public(c->arena, secret), s = sign_text(c->arena, secret, STR(""));

	OK(sign_holds(key, STR(""), s));
	OK(!sign_holds(STR(""), STR(""), s));
	OK(!sign_holds(key, STR(""), STR("")));
	OK(!sign_holds(str_slice(key, 1, SIZE_MAX), STR(""), s));
	OK(!sign_holds(key, STR(""), str_slice(s, 0, 127)));
	OK(!sign_holds(key, STR(""), (struct str){ "zz", 2 }));
}
