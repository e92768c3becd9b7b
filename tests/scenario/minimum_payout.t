# Little is carried forward until it is enough.
campaign main 10% hold 0d minimum 50.00
partner bob
code BOB
sale order-1 300.00 customer eve code BOB
advance 1d
expect balance bob payable 30.00
payout run first -> 422

sale order-2 300.00 customer eve
advance 1d
expect balance bob payable 60.00
payout run second
payout approve second
expect payout second bob 60.00
