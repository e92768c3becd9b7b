/* SPDX-License-Identifier: Apache-2.0 */
#include "user/password.h"
#include "base/check.h"

#include <sodium.h>

#define PASSES 2
#define MEMORY_BYTES ((size_t)19 << 20)

/* The most used ones that are long enough, as they are found in every list of leaked passwords. */
static const char *const known[] = {
	"00000000", "11111111", "11223344", "12341234", "12344321", "12345678", "123456789",
	"1234567890", "123123123", "147258369", "1q2w3e4r", "1q2w3e4r5t", "1qaz2wsx", "55555555",
	"66666666", "87654321", "88888888", "987654321", "9876543210", "99999999", "aa123456",
	"abc12345", "abcd1234", "abcdefgh", "admin123", "administrator", "asdfasdf", "asdfghjk",
	"asdfghjkl", "baseball", "changeme", "computer", "correcthorsebatterystaple", "dragon123",
	"football", "iloveyou", "iloveyou1", "internet", "jennifer", "letmein1", "letmein123",
	"liverpool", "master123", "michelle", "mustang1", "p@ssw0rd", "pa55word", "partnerd",
	"passw0rd", "password", "password1", "password12", "password123", "password1234", "princess",
	"q1w2e3r4", "qwer1234", "qwerty12", "qwerty123", "qwertyui", "qwertyuiop", "samantha",
	"starwars", "sunshine", "superman", "test1234", "trustno1", "victoria", "welcome1",
	"welcome123", "whatever", "zaq12wsx", "zxcvbnm1",
};

static bool is_known(struct str password)
{
	for (size_t i = 0; i < LEN(known); i++)
		if (str_eq_nocase(password, str_from(known[i])))
			return true;
	return false;
}

/* The same but for case and blanks? */
static bool says(struct str password, struct str known_text)
{
	size_t at = 0;

	for (size_t i = 0; i < password.n; i++) {
		while (at < known_text.n && known_text.p[at] == ' ')
			at++;
		if (password.p[i] == ' ')
			continue;
		if (at >= known_text.n
		    || !str_eq_nocase(str_slice(password, i, 1), str_slice(known_text, at, 1)))
			return false;
		at++;
	}
	return str_trim(str_slice(known_text, at, SIZE_MAX)).n == 0;
}

static bool check_obvious(struct ctx *c, struct str password, struct str email, struct str name)
{
	struct str rest = email;

	if (is_known(password))
		return fail(c, ERR_INVALID, "password", "This is one of the most used passwords");
	if (says(password, email) || says(password, str_cut(&rest, '@')))
		return fail(c, ERR_INVALID, "password", "The password is the e-mail address");
	if (says(password, name))
		return fail(c, ERR_INVALID, "password", "The password is the name");
	return true;
}

bool password_check(struct ctx *c, struct str password, struct str email, struct str name)
{
	if (!str_is_text(password))
		return fail(c, ERR_INVALID, "password", "The password is not well-formed text");
	if (str_length(password) < PASSWORD_MIN)
		return fail(c, ERR_INVALID, "password",
		            "The password has less than %d characters; 15 or more are recommended",
		            PASSWORD_MIN);
	if (str_length(password) > PASSWORD_MAX)
		return fail(c, ERR_INVALID, "password", "The password has more than %d characters",
		            PASSWORD_MAX);
	return check_obvious(c, password, email, name);
}

bool password_hash(struct ctx *c, struct str password, struct str *out)
{
	char *text = arena_alloc(c->arena, crypto_pwhash_STRBYTES);

	if (crypto_pwhash_str_alg(text, password.p, password.n, PASSES, MEMORY_BYTES,
	                          crypto_pwhash_ALG_ARGON2ID13) != 0)
		return fail(c, ERR_BUSY, NULL, "There is not enough memory just now");
	*out = str_from(text);
	return true;
}

static void spend_time(struct str password)
{
	static const unsigned char salt[crypto_pwhash_SALTBYTES] = { 1 };
	unsigned char key[16];

	/* Only its time matters; without memory there is nothing to hide either. */
	if (crypto_pwhash(key, sizeof(key), password.p, password.n, salt, PASSES, MEMORY_BYTES,
	                  crypto_pwhash_ALG_ARGON2ID13) != 0)
		return;
	sodium_memzero(key, sizeof(key));
}

bool password_matches(struct str hash, struct str password)
{
	char text[crypto_pwhash_STRBYTES] = { 0 };

	if (str_length(password) > PASSWORD_MAX)
		return false;
	if (hash.n == 0 || hash.n >= sizeof(text)) {
		spend_time(password);
		return false;
	}
	memcpy(text, hash.p, hash.n);
	return crypto_pwhash_str_verify(text, password.p, password.n) == 0;
}
