# A payout that the bank sends back is owed again, and paid by the next run, once.
campaign main 20% hold 0d
partner bob
code BOB
sale order-1 100.00 customer eve code BOB
advance 1d
expect balance bob payable 20.00

payout run first
payout approve first
again -> 200
payout failed first bob reason "account closed"
expect payout first bob 20.00 failed
expect balance bob payable 20.00

payout run second
payout approve second
payout paid second bob reference TX-2
again -> 200
expect balance bob payable 0.00
expect balance bob paid 20.00
