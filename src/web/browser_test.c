/* SPDX-License-Identifier: Apache-2.0 */
#include "web/browser.h"
#include "base/check.h"
#include "unit.h"

TEST(a_browser_is_named_as_people_know_it)
{
	static const char *const cases[][2] = {
		{ "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
		  "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge on Windows" },
		{ "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
		  "HeadlessChrome/156.0.0.0 Safari/537.36", "Chrome on Linux" },
		{ "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
		  "Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome on Android" },
		{ "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
		  "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iPhone" },
		{ "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:142.0) Gecko/20100101 "
		  "Firefox/142.0", "Firefox on macOS" },
		{ "curl/8.5.0", "curl" },
		{ "Something (Windows)", "A browser on Windows" },
		{ "x", "Unknown browser" },
		{ "", "Unknown browser" },
	};

	for (size_t i = 0; i < LEN(cases); i++)
		EQ_STR(browser_say(c->arena, str_from(cases[i][0])), cases[i][1]);
}
