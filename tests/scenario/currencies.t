# Each currency has its own number of decimals and its own balance.
org acme currency USD
campaign main 12.5% hold 30d
partner bob
code BOB
sale yen 1000 JPY customer eve code BOB
sale dinar 10.000 BHD customer eve
sale dollar 1.00 customer eve
expect commission yen bob 125
expect commission dinar bob 1.250
expect commission dollar bob 0.13
expect balance bob pending 125 JPY
expect balance bob pending 1.250 BHD
expect balance bob pending 0.13 USD
