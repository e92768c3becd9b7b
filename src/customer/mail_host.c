/* SPDX-License-Identifier: Apache-2.0 */
#include "customer/mail_host.h"

#include <stdlib.h>

/* In the order of strcmp. */
static const char *const hosts[] = {
	"126.com", "139.com", "163.com", "189.cn", "abv.bg", "alice.it", "aol.com", "arcor.de",
	"att.net", "bellsouth.net", "bigpond.com", "bk.ru", "bluewin.ch", "bol.com.br",
	"btinternet.com", "centrum.cz", "charter.net", "comcast.net", "cox.net", "daum.net",
	"duck.com", "earthlink.net", "email.com", "email.cz", "email.de", "ezweb.ne.jp",
	"fastmail.com", "fastmail.fm", "foxmail.com", "free.fr", "freemail.hu", "freenet.de",
	"gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de", "gmx.net", "googlemail.com",
	"hanmail.net", "hey.com", "home.nl", "hotmail.be", "hotmail.co.jp", "hotmail.co.uk",
	"hotmail.com", "hotmail.com.br", "hotmail.de", "hotmail.es", "hotmail.fr", "hotmail.it",
	"hushmail.com", "icloud.com", "iinet.net.au", "inbox.lv", "inbox.ru", "interia.pl",
	"kakao.com", "kpnmail.nl", "laposte.net", "libero.it", "list.ru", "live.co.uk", "live.com",
	"live.de", "live.fr", "live.nl", "mac.com", "mail.com", "mail.de", "mail.ee", "mail.ru",
	"mailbox.org", "mailfence.com", "me.com", "msn.com", "nate.com", "naver.com", "neuf.fr",
	"ntlworld.com", "o2.pl", "onet.pl", "online.de", "online.no", "optonline.net",
	"optusnet.com.au", "orange.fr", "outlook.com", "outlook.de", "outlook.es", "outlook.fr",
	"outlook.it", "pm.me", "posteo.de", "proton.me", "protonmail.ch", "protonmail.com",
	"qq.com", "rambler.ru", "rediffmail.com", "rocketmail.com", "sapo.pt", "sbcglobal.net",
	"seznam.cz", "sfr.fr", "shaw.ca", "sina.com", "sky.com", "skynet.be", "sohu.com",
	"t-online.de", "talktalk.net", "telenet.be", "telia.com", "telus.net", "terra.com.br",
	"tin.it", "tiscali.it", "tuta.com", "tuta.io", "tutanota.com", "ukr.net", "uol.com.br",
	"verizon.net", "virgilio.it", "virginmedia.com", "wanadoo.fr", "web.de", "wp.pl",
	"xs4all.nl", "xtra.co.nz", "ya.ru", "yahoo.ca", "yahoo.co.in", "yahoo.co.jp", "yahoo.co.uk",
	"yahoo.com", "yahoo.com.au", "yahoo.com.br", "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.it",
	"yandex.com", "yandex.ru", "yeah.net", "ymail.com", "zoho.com",
};

static int compare(const void *key, const void *entry)
{
	const struct str *host = key;

	return str_cmp(*host, str_from(*(const char *const *)entry));
}

bool mail_host_is_public(struct str host)
{
	while (host.n > 0) {
		if (bsearch(&host, hosts, sizeof(hosts) / sizeof(hosts[0]), sizeof(hosts[0]),
		            compare))
			return true;
		str_cut(&host, '.');
		if (!host.p || str_find(host, '.', 0) == SIZE_MAX)
			return false;
	}
	return true;
}
