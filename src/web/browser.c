/* SPDX-License-Identifier: Apache-2.0 */
#include "web/browser.h"
#include "base/check.h"

struct sign {
	const char *mark, *name;
};

/* The first that occurs: browsers name those that they want to be taken for after themselves. */
static const struct sign browsers[] = {
	{ "Edg", "Edge" },         { "OPR/", "Opera" },        { "SamsungBrowser", "Samsung Internet" },
	{ "Firefox/", "Firefox" }, { "FxiOS/", "Firefox" },    { "CriOS/", "Chrome" },
	{ "Chromium/", "Chromium" }, { "Chrome/", "Chrome" },  { "Safari/", "Safari" },
	{ "curl/", "curl" },
};

static const struct sign systems[] = {
	{ "iPhone", "iPhone" },      { "iPad", "iPad" },    { "Android", "Android" },
	{ "Windows", "Windows" },    { "CrOS", "ChromeOS" }, { "Macintosh", "macOS" },
	{ "Linux", "Linux" },
};

static const char *find(const struct sign *signs, size_t n, struct str text)
{
	for (size_t i = 0; i < n; i++)
		if (memmem(text.p, text.n, signs[i].mark, strlen(signs[i].mark)))
			return signs[i].name;
	return NULL;
}

struct str browser_say(struct arena *a, struct str user_agent)
{
	const char *browser = NULL, *system = NULL;

	if (user_agent.n > 0) {
		browser = find(browsers, LEN(browsers), user_agent);
		system = find(systems, LEN(systems), user_agent);
	}
	if (!browser && !system)
		return STR("Unknown browser");
	if (!browser || !system)
		return arena_printf(a, browser ? "%s" : "A browser on %s", browser ? browser : system);
	return arena_printf(a, "%s on %s", browser, system);
}
