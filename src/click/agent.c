/* SPDX-License-Identifier: Apache-2.0 */
#include "click/agent.h"
#include "base/check.h"

#include <pthread.h>

#define AGENT_MAX 512 /* bytes looked at */
#define WORD_MIN 3
#define SET_POWER 13

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

/*
 * The last three letters in lower case (other characters may share a value, which does not hurt).
 */
static uint32_t advance(uint32_t letters, char c)
{
	return (letters << 8 | (unsigned char)c | 0x20u) & 0xFFFFFF;
}

static uint32_t bit_of(uint32_t letters)
{
	return letters * 2654435761u >> (32 - SET_POWER);
}

/* One bit for the beginning of each word, so that nearly all positions are passed at once. */
static uint64_t set[(1 << SET_POWER) / 64];
static uint32_t beginnings[LEN(words)];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void find_beginnings(void)
{
	for (size_t i = 0; i < LEN(words); i++) {
		for (size_t k = 0; k < WORD_MIN; k++)
			beginnings[i] = advance(beginnings[i], words[i][k]);
		uint32_t bit = bit_of(beginnings[i]);

		set[bit / 64] |= UINT64_C(1) << bit % 64;
	}
}

static bool has_word(struct str text, size_t at, uint32_t letters)
{
	for (size_t i = 0; i < LEN(words); i++)
		if (beginnings[i] == letters
		    && str_eq_nocase(str_slice(text, at, strlen(words[i])), str_from(words[i])))
			return true;
	return false;
}

/* Cubot makes telephones. */
static bool is_telephone(struct str text, size_t at)
{
	return at >= 2 && str_eq_nocase(str_slice(text, at - 2, 5), STR("cubot"));
}

static bool look(struct str user_agent)
{
	size_t n = user_agent.n < AGENT_MAX ? user_agent.n : AGENT_MAX;
	uint32_t letters = 0;

	pthread_once(&once, find_beginnings);
	for (size_t i = 0; i < n; i++) {
		letters = advance(letters, user_agent.p[i]);
		uint32_t bit = bit_of(letters);

		if (!(set[bit / 64] >> bit % 64 & 1) || i < WORD_MIN - 1)
			continue;
		size_t begin = i - (WORD_MIN - 1);

		if (has_word(user_agent, begin, letters) && !is_telephone(user_agent, begin))
			return true;
	}
	return false;
}

/* Names come again and again: what this thread said of the last ones. */
#define KNOWN_MAX 64
#define KNOWN_BYTES 240

struct known {
	uint16_t n; /* 0: none */
	bool bot;
	char text[KNOWN_BYTES];
};

static _Thread_local struct known knowns[KNOWN_MAX];

static struct known *place_of(struct str text)
{
	uint64_t hash = text.n, eight;

	for (size_t i = 0; i + sizeof(eight) <= text.n; i += sizeof(eight)) {
		memcpy(&eight, text.p + i, sizeof(eight));
		hash = (hash ^ eight) * 0x9E3779B97F4A7C15u;
	}
	return &knowns[(hash >> 32) % KNOWN_MAX];
}

bool agent_is_bot(struct str user_agent)
{
	struct known *k = place_of(user_agent);

	if (user_agent.n == 0)
		return true;
	if (user_agent.n > KNOWN_BYTES)
		return look(user_agent);
	if (k->n != user_agent.n || memcmp(k->text, user_agent.p, k->n) != 0) {
		k->bot = look(user_agent);
		k->n = (uint16_t)user_agent.n;
		memcpy(k->text, user_agent.p, user_agent.n);
	}
	return k->bot;
}
