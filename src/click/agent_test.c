/* SPDX-License-Identifier: Apache-2.0 */
#include "click/agent.h"
#include "unit.h"

TEST(programs_that_say_so_are_bots)
{
	static const char *const bots[] = {
		"", "curl/7.88.1", "Wget/1.21.3", "python-requests/2.31.0", "Go-http-client/1.1",
		"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
		"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
		"facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
		"Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
		"HeadlessChrome/120.0.0.0 Safari/537.36",
		"WhatsApp/2.23.20.0 A", "Mozilla/5.0 (compatible; CUBOT crawler)",
	};

	for (size_t i = 0; i < LEN(bots); i++)
		if (!agent_is_bot(str_from(bots[i])))
			FAIL("\"%s\" is a bot", bots[i]);
}

TEST(browsers_are_people)
{
	static const char *const people[] = {
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
		"Chrome/120.0.0.0 Safari/537.36",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:121.0) Gecko/20100101 "
		"Firefox/121.0",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 "
		"(KHTML, "
		"like Gecko) Version/17.2 Mobile/15E148 Safari/604.1",
		"Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 (KHTML, like Gecko) "
		"Chrome/119.0.0.0 Mobile Safari/537.36",
		"x",
	};

	for (size_t i = 0; i < LEN(people); i++)
		if (agent_is_bot(str_from(people[i])))
			FAIL("\"%s\" is a person", people[i]);
}
