# 25 % of a 99.00 invoice is 24.75; a repeated order makes no new money.
org acme currency USD
campaign main 25% hold 30d
partner bob
link summer -> https://shop.example/

click summer as c1 -> 302
sale order-1 99.00 customer eve click c1 -> 201
again -> 200
expect credited order-1 bob 1000000
expect commission order-1 bob 24.75 pending
expect balance bob pending 24.75
expect balance bob payable 0.00

# No click, no code, but the customer is bob's by now.
sale order-2 99.00 customer eve -> 201
expect commission order-2 bob 24.75 pending

# Somebody whom nobody brought.
sale order-3 99.00 customer mallory -> 201
expect credited order-3 nobody
expect commission order-3 none

advance 31d
expect commission order-1 bob 24.75 approved
expect balance bob pending 0.00
expect balance bob payable 49.50
