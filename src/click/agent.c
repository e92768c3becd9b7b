/* SPDX-License-Identifier: Apache-2.0 */
#include "click/agent.h"
#include "base/check.h"

#include <pthread.h>

#define AGENT_MAX 512 /* bytes looked at */
#define WORD_MIN 3
#define SET_BITS 8192

/* Lower case, at least three letters. Most crawlers call themselves one of the first seven. */
static const char *const words[] = {
	"bot", "crawl", "spider", "slurp", "archiver", "wayback", "fetch",
	"headless", "phantom", "puppeteer", "playwright", "selenium", "webdriver",
	"preview", "facebookexternalhit", "facebookcatalog", "whatsapp/", "embedly", "vkshare",
	"pingdom", "uptime", "monitor", "lighthouse", "pagespeed", "gtmetrix", "statuscake",
	"curl/", "wget/", "libwww", "lwp::", "python", "aiohttp", "httpx", "java/", "okhttp",
	"apache-http", "go-http", "node-fetch", "axios/", "undici", "got (", "ruby/", "faraday",
	"php/", "guzzle", "scrapy", "httrack", "nutch", "heritrix", "validator", "checker",
	"mediapartners", "adsbot", "google-", "feedly", "feedburner", "postman", "insomnia/",
};

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

/* Place of three letters in the set of beginnings. */
static unsigned place(const unsigned char *p)
{
	return ((unsigned)p[0] * 961u + (unsigned)p[1] * 31u + p[2]) % SET_BITS;
}

/* One bit for the beginning of each word, so that nearly all positions are passed at once. */
static uint64_t beginnings[SET_BITS / 64];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void find_beginnings(void)
{
	for (size_t i = 0; i < LEN(words); i++) {
		unsigned at = place((const unsigned char *)words[i]);

		beginnings[at / 64] |= UINT64_C(1) << at % 64;
	}
}

static bool has_word(const unsigned char *text, size_t at)
{
	for (size_t i = 0; i < LEN(words); i++)
		if (memcmp(text + at, words[i], WORD_MIN) == 0
		    && strncmp((const char *)text + at, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

/* Cubot makes telephones. */
static bool is_telephone(const unsigned char *text, size_t at)
{
	return at >= 2 && memcmp(text + at - 2, "cubot", 5) == 0;
}

bool agent_is_bot(struct str user_agent)
{
	unsigned char text[AGENT_MAX + 1];
	size_t n = user_agent.n < AGENT_MAX ? user_agent.n : AGENT_MAX;

	if (n == 0)
		return true;
	pthread_once(&once, find_beginnings);
	for (size_t i = 0; i < n; i++)
		text[i] = lower(user_agent.p[i]);
	text[n] = '\0';
	for (size_t i = 0; i + WORD_MIN <= n; i++) {
		unsigned at = place(text + i);

		if (beginnings[at / 64] >> at % 64 & 1 && has_word(text, i) && !is_telephone(text, i))
			return true;
	}
	return false;
}
