# The last contact before the first sale is credited, and keeps the customer from then on.
campaign main 10% hold 0d
partner ann
link spring of ann -> https://shop.example/spring
partner bob
link summer of bob -> https://shop.example/summer
click spring as c1
lead lead-1 customer eve click c1
click summer as c2
sale order-1 100.00 customer eve click c2
expect credited order-1 bob 1000000
expect commission order-1 bob 10.00
click spring as c3
sale order-2 50.00 customer eve click c3
expect credited order-2 bob 1000000
expect commission order-2 bob 5.00
