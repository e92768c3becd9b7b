/* SPDX-License-Identifier: Apache-2.0 */
#include "base/money.h"
#include "base/check.h"

__extension__ typedef __int128 wide;

/* ISO 4217, sorted by code: every active code that has a minor unit. */
static const struct currency currencies[] = {
	{ "AED", 2, "UAE Dirham" },
	{ "AFN", 2, "Afghani" },
	{ "ALL", 2, "Lek" },
	{ "AMD", 2, "Armenian Dram" },
	{ "AOA", 2, "Kwanza" },
	{ "ARS", 2, "Argentine Peso" },
	{ "AUD", 2, "Australian Dollar" },
	{ "AWG", 2, "Aruban Florin" },
	{ "AZN", 2, "Azerbaijan Manat" },
	{ "BAM", 2, "Convertible Mark" },
	{ "BBD", 2, "Barbados Dollar" },
	{ "BDT", 2, "Taka" },
	{ "BGN", 2, "Bulgarian Lev" },
	{ "BHD", 3, "Bahraini Dinar" },
	{ "BIF", 0, "Burundi Franc" },
	{ "BMD", 2, "Bermudian Dollar" },
	{ "BND", 2, "Brunei Dollar" },
	{ "BOB", 2, "Boliviano" },
	{ "BOV", 2, "Mvdol" },
	{ "BRL", 2, "Brazilian Real" },
	{ "BSD", 2, "Bahamian Dollar" },
	{ "BTN", 2, "Ngultrum" },
	{ "BWP", 2, "Pula" },
	{ "BYN", 2, "Belarusian Ruble" },
	{ "BZD", 2, "Belize Dollar" },
	{ "CAD", 2, "Canadian Dollar" },
	{ "CDF", 2, "Congolese Franc" },
	{ "CHE", 2, "WIR Euro" },
	{ "CHF", 2, "Swiss Franc" },
	{ "CHW", 2, "WIR Franc" },
	{ "CLF", 4, "Unidad de Fomento" },
	{ "CLP", 0, "Chilean Peso" },
	{ "CNY", 2, "Yuan Renminbi" },
	{ "COP", 2, "Colombian Peso" },
	{ "COU", 2, "Unidad de Valor Real" },
	{ "CRC", 2, "Costa Rican Colon" },
	{ "CUP", 2, "Cuban Peso" },
	{ "CVE", 2, "Cabo Verde Escudo" },
	{ "CZK", 2, "Czech Koruna" },
	{ "DJF", 0, "Djibouti Franc" },
	{ "DKK", 2, "Danish Krone" },
	{ "DOP", 2, "Dominican Peso" },
	{ "DZD", 2, "Algerian Dinar" },
	{ "EGP", 2, "Egyptian Pound" },
	{ "ERN", 2, "Nakfa" },
	{ "ETB", 2, "Ethiopian Birr" },
	{ "EUR", 2, "Euro" },
	{ "FJD", 2, "Fiji Dollar" },
	{ "FKP", 2, "Falkland Islands Pound" },
	{ "GBP", 2, "Pound Sterling" },
	{ "GEL", 2, "Lari" },
	{ "GHS", 2, "Ghana Cedi" },
	{ "GIP", 2, "Gibraltar Pound" },
	{ "GMD", 2, "Dalasi" },
	{ "GNF", 0, "Guinean Franc" },
	{ "GTQ", 2, "Quetzal" },
	{ "GYD", 2, "Guyana Dollar" },
	{ "HKD", 2, "Hong Kong Dollar" },
	{ "HNL", 2, "Lempira" },
	{ "HTG", 2, "Gourde" },
	{ "HUF", 2, "Forint" },
	{ "IDR", 2, "Rupiah" },
	{ "ILS", 2, "New Israeli Sheqel" },
	{ "INR", 2, "Indian Rupee" },
	{ "IQD", 3, "Iraqi Dinar" },
	{ "IRR", 2, "Iranian Rial" },
	{ "ISK", 0, "Iceland Krona" },
	{ "JMD", 2, "Jamaican Dollar" },
	{ "JOD", 3, "Jordanian Dinar" },
	{ "JPY", 0, "Yen" },
	{ "KES", 2, "Kenyan Shilling" },
	{ "KGS", 2, "Som" },
	{ "KHR", 2, "Riel" },
	{ "KMF", 0, "Comorian Franc" },
	{ "KPW", 2, "North Korean Won" },
	{ "KRW", 0, "Won" },
	{ "KWD", 3, "Kuwaiti Dinar" },
	{ "KYD", 2, "Cayman Islands Dollar" },
	{ "KZT", 2, "Tenge" },
	{ "LAK", 2, "Lao Kip" },
	{ "LBP", 2, "Lebanese Pound" },
	{ "LKR", 2, "Sri Lanka Rupee" },
	{ "LRD", 2, "Liberian Dollar" },
	{ "LSL", 2, "Loti" },
	{ "LYD", 3, "Libyan Dinar" },
	{ "MAD", 2, "Moroccan Dirham" },
	{ "MDL", 2, "Moldovan Leu" },
	{ "MGA", 2, "Malagasy Ariary" },
	{ "MKD", 2, "Denar" },
	{ "MMK", 2, "Kyat" },
	{ "MNT", 2, "Tugrik" },
	{ "MOP", 2, "Pataca" },
	{ "MRU", 2, "Ouguiya" },
	{ "MUR", 2, "Mauritius Rupee" },
	{ "MVR", 2, "Rufiyaa" },
	{ "MWK", 2, "Malawi Kwacha" },
	{ "MXN", 2, "Mexican Peso" },
	{ "MXV", 2, "Mexican Unidad de Inversion (UDI)" },
	{ "MYR", 2, "Malaysian Ringgit" },
	{ "MZN", 2, "Mozambique Metical" },
	{ "NAD", 2, "Namibia Dollar" },
	{ "NGN", 2, "Naira" },
	{ "NIO", 2, "Cordoba Oro" },
	{ "NOK", 2, "Norwegian Krone" },
	{ "NPR", 2, "Nepalese Rupee" },
	{ "NZD", 2, "New Zealand Dollar" },
	{ "OMR", 3, "Rial Omani" },
	{ "PAB", 2, "Balboa" },
	{ "PEN", 2, "Sol" },
	{ "PGK", 2, "Kina" },
	{ "PHP", 2, "Philippine Peso" },
	{ "PKR", 2, "Pakistan Rupee" },
	{ "PLN", 2, "Zloty" },
	{ "PYG", 0, "Guarani" },
	{ "QAR", 2, "Qatari Rial" },
	{ "RON", 2, "Romanian Leu" },
	{ "RSD", 2, "Serbian Dinar" },
	{ "RUB", 2, "Russian Ruble" },
	{ "RWF", 0, "Rwanda Franc" },
	{ "SAR", 2, "Saudi Riyal" },
	{ "SBD", 2, "Solomon Islands Dollar" },
	{ "SCR", 2, "Seychelles Rupee" },
	{ "SDG", 2, "Sudanese Pound" },
	{ "SEK", 2, "Swedish Krona" },
	{ "SGD", 2, "Singapore Dollar" },
	{ "SHP", 2, "Saint Helena Pound" },
	{ "SLE", 2, "Leone" },
	{ "SOS", 2, "Somali Shilling" },
	{ "SRD", 2, "Surinam Dollar" },
	{ "SSP", 2, "South Sudanese Pound" },
	{ "STN", 2, "Dobra" },
	{ "SVC", 2, "El Salvador Colon" },
	{ "SYP", 2, "Syrian Pound" },
	{ "SZL", 2, "Lilangeni" },
	{ "THB", 2, "Baht" },
	{ "TJS", 2, "Somoni" },
	{ "TMT", 2, "Turkmenistan New Manat" },
	{ "TND", 3, "Tunisian Dinar" },
	{ "TOP", 2, "Pa'anga" },
	{ "TRY", 2, "Turkish Lira" },
	{ "TTD", 2, "Trinidad and Tobago Dollar" },
	{ "TWD", 2, "New Taiwan Dollar" },
	{ "TZS", 2, "Tanzanian Shilling" },
	{ "UAH", 2, "Hryvnia" },
	{ "UGX", 0, "Uganda Shilling" },
	{ "USD", 2, "US Dollar" },
	{ "USN", 2, "US Dollar (Next day)" },
	{ "UYI", 0, "Uruguay Peso en Unidades Indexadas (UI)" },
	{ "UYU", 2, "Peso Uruguayo" },
	{ "UYW", 4, "Unidad Previsional" },
	{ "UZS", 2, "Uzbekistan Sum" },
	{ "VED", 2, "Bolivar Soberano" },
	{ "VES", 2, "Bolivar Soberano" },
	{ "VND", 0, "Dong" },
	{ "VUV", 0, "Vatu" },
	{ "WST", 2, "Tala" },
	{ "XAF", 0, "CFA Franc BEAC" },
	{ "XCD", 2, "East Caribbean Dollar" },
	{ "XCG", 2, "Caribbean Guilder" },
	{ "XOF", 0, "CFA Franc BCEAO" },
	{ "XPF", 0, "CFP Franc" },
	{ "YER", 2, "Yemeni Rial" },
	{ "ZAR", 2, "Rand" },
	{ "ZMW", 2, "Zambian Kwacha" },
	{ "ZWG", 2, "Zimbabwe Gold" },
};

const struct currency *currency_list(size_t *out_count)
{
	*out_count = LEN(currencies);
	return currencies;
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

const struct currency *currency_find(struct str code)
{
	size_t low = 0, high = LEN(currencies);

	if (code.n != 3)
		return NULL;

	char key[3] = { upper(code.p[0]), upper(code.p[1]), upper(code.p[2]) };

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = memcmp(key, currencies[mid].code, sizeof(key));

		if (order == 0)
			return &currencies[mid];
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

int64_t money_percent(int64_t amount_minor, int64_t rate_ppm)
{
	int64_t product;

	CHECK(rate_ppm <= 1000000000000 && rate_ppm >= -1000000000000);
	if (__builtin_mul_overflow(amount_minor, rate_ppm, &product))
		return money_muldiv(amount_minor, rate_ppm, PPM_ONE);

	int64_t whole = product / PPM_ONE, rest = product % PPM_ONE;

	return whole + (rest >= PPM_ONE / 2) - (rest <= -PPM_ONE / 2);
}

int64_t money_muldiv(int64_t a, int64_t b, int64_t c)
{
	CHECK(c > 0);

	wide product = (wide)a * b;
	wide whole = product / c, rest = product % c;

	if (rest < 0)
		rest = -rest;
	if (rest >= c - rest)
		whole += product < 0 ? -1 : 1;
	CHECK(whole >= INT64_MIN && whole <= INT64_MAX);
	return (int64_t)whole;
}

struct division {
	wide total; /* not negative */
	int64_t sum;
	const int64_t *weights;
	size_t count;
};

static int64_t remainder_of(const struct division *d, size_t i)
{
	return (int64_t)(d->total * d->weights[i] % d->sum);
}

/* The part whose turn is next: remainders fall, and among equal ones places rise. */
static size_t next_in_turn(const struct division *d, int64_t last, size_t last_at)
{
	int64_t best = -1;
	size_t best_at = 0;

	for (size_t i = 0; i < d->count; i++) {
		int64_t rest = remainder_of(d, i);

		if ((rest < last || (rest == last && i > last_at)) && rest > best) {
			best = rest;
			best_at = i;
		}
	}
	CHECK(best >= 0);
	return best_at;
}

static struct division divide(int64_t total_minor, const int64_t *weights, size_t count)
{
	struct division d = { .weights = weights, .count = count };

	d.total = total_minor < 0 ? -(wide)total_minor : total_minor;
	for (size_t i = 0; i < count; i++) {
		CHECK(weights[i] >= 0);
		CHECK(!__builtin_add_overflow(d.sum, weights[i], &d.sum));
	}
	CHECK(d.sum > 0);
	return d;
}

void money_allocate(int64_t total_minor, const int64_t *weights, size_t count, int64_t *out_parts)
{
	struct division d = divide(total_minor, weights, count);
	int64_t left, last = INT64_MAX;
	size_t last_at = 0;
	wide given = 0;

	CHECK(total_minor > INT64_MIN);
	for (size_t i = 0; i < count; i++) {
		out_parts[i] = (int64_t)(d.total * weights[i] / d.sum);
		given += out_parts[i];
	}
	for (left = (int64_t)(d.total - given); left > 0; left--) {
		last_at = next_in_turn(&d, last, last_at);
		last = remainder_of(&d, last_at);
		out_parts[last_at]++;
	}
	for (size_t i = 0; total_minor < 0 && i < count; i++)
		out_parts[i] = -out_parts[i];
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits with at most `places` after a point, as an integer scaled by 10^places; no sign. */
static bool scaled_parse(struct str s, int places, int64_t *out)
{
	struct str rest = s, whole = str_cut(&rest, '.');
	bool pointed = whole.n < s.n;
	int64_t value = 0;

	if (whole.n == 0 || (pointed && rest.n == 0) || rest.n > (size_t)places)
		return false;
	for (size_t i = 0; i < whole.n + (size_t)places; i++) {
		size_t after = i - whole.n;
		char c = i < whole.n ? whole.p[i] : after < rest.n ? rest.p[after] : '0';

		if (!is_digit(c) || __builtin_mul_overflow(value, 10, &value)
		    || __builtin_add_overflow(value, c - '0', &value))
			return false;
	}
	*out = value;
	return true;
}

static bool signed_parse(struct str s, int places, int64_t *out)
{
	bool negative = s.n > 0 && s.p[0] == '-';

	if (!scaled_parse(negative ? str_slice(s, 1, s.n) : s, places, out))
		return false;
	if (negative)
		*out = -*out;
	return true;
}

bool money_parse(struct str s, const struct currency *cur, int64_t *out_minor)
{
	int64_t minor;

	if (!signed_parse(s, cur->exponent, &minor) || minor > MONEY_MAX_MINOR
	    || minor < -MONEY_MAX_MINOR)
		return false;
	*out_minor = minor;
	return true;
}

/* Four decimals of a percent are one part per million. */
bool percent_parse(struct str s, int64_t *out_ppm)
{
	int64_t ppm;

	if (!signed_parse(s, 4, &ppm) || ppm > 1000000000000 || ppm < -1000000000000)
		return false;
	*out_ppm = ppm;
	return true;
}

#define TEXT_MAX 40

/* Write backwards from `end`; returns the first byte. `group` puts commas between thousands. */
static char *scaled_write(char *end, int64_t value, int places, bool group)
{
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	char *p = end;

	for (int digit = 0; rest > 0 || digit <= places; digit++) {
		if (digit == places && places > 0)
			*--p = '.';
		else if (group && digit > places && (digit - places) % 3 == 0)
			*--p = ',';
		*--p = (char)('0' + rest % 10);
		rest /= 10;
	}
	if (value < 0)
		*--p = '-';
	return p;
}

void buf_money_plain(struct buf *b, int64_t minor, const struct currency *cur)
{
	char text[TEXT_MAX], *end = text + sizeof(text);
	char *p = scaled_write(end, minor, cur->exponent, false);

	buf_put(b, p, (size_t)(end - p));
}

void buf_money(struct buf *b, int64_t minor, const struct currency *cur)
{
	char text[TEXT_MAX], *end = text + sizeof(text);

	*--end = cur->code[2];
	*--end = cur->code[1];
	*--end = cur->code[0];
	*--end = ' ';

	char *p = scaled_write(end, minor, cur->exponent, true);

	buf_put(b, p, (size_t)(text + sizeof(text) - p));
}

void buf_percent(struct buf *b, int64_t ppm)
{
	char text[TEXT_MAX], *end = text + sizeof(text);
	char *p = scaled_write(end, ppm, 4, false);

	while (end[-1] == '0')
		end--;
	if (end[-1] == '.')
		end--;
	buf_put(b, p, (size_t)(end - p));
}

struct str money_plain(struct arena *a, int64_t minor, const struct currency *cur)
{
	struct buf b;

	buf_init(&b, a);
	buf_money_plain(&b, minor, cur);
	return buf_text(&b);
}

struct str money_text(struct arena *a, int64_t minor, const struct currency *cur)
{
	struct buf b;

	buf_init(&b, a);
	buf_money(&b, minor, cur);
	return buf_text(&b);
}

struct str percent_text(struct arena *a, int64_t ppm)
{
	struct buf b;

	buf_init(&b, a);
	buf_percent(&b, ppm);
	return buf_text(&b);
}
