# A sale in another currency is converted by the last rate published on or before its day, which
# is frozen: later rates change nothing, not even when the sale is refunded.
org acme currency USD
campaign main 25% hold 30d
partner bob
code BOB
rates ago 10d USD 1.10 JPY 165 BHD 0.41
rates ago 5d USD 1.08 JPY 160 BHD 0.40
sale before 99.00 EUR customer eve code BOB ago 11d
sale old 99.00 EUR customer eve ago 7d
sale new 99.00 EUR customer eve ago 5d
expect commission before bob 24.75
expect says before "There is no exchange rate from EUR to USD on or before"
expect commission old bob 27.23
expect commission new bob 26.73
expect says new "106.92 USD"
# Through the euro, with one rounding: 10000 yen are 67.50 USD, a quarter of it 16.88.
sale yen 10000 JPY customer eve
expect commission yen bob 16.88
sale dinar 10.000 BHD customer eve
expect commission dinar bob 6.75
sale rouble 100.00 RUB customer eve
expect commission rouble bob 25.00
expect says rouble "the amounts stay in RUB"
rates USD 2.00 JPY 1 BHD 1
refund r1 of new 33.00
refund r2 of new
expect commission new bob 26.73 reversed
expect balance bob pending 50.86
expect balance bob pending 24.75 EUR
expect balance bob pending 25.00 RUB
