# After the payout a lost dispute becomes a debt; one that opens during a payout holds what comes back.
campaign main 10% hold 30d
partner bob
code BOB
sale order-1 200.00 customer eve code BOB
advance 31d
payout run june
payout approve june
payout paid june bob reference TX-1
dispute dp-1 of order-1 opened
expect commission order-1 bob 20.00 paid
expect balance bob payable 0.00
dispute dp-1 of order-1 lost
expect balance bob payable -20.00

sale order-2 500.00 customer eve
advance 31d
expect balance bob payable 30.00
payout run july
payout approve july
dispute dp-2 of order-2 opened
expect balance bob in_payout 30.00
payout failed july bob reason "account closed"
expect balance bob payable -20.00
expect balance bob held 50.00
payout run august -> 422
dispute dp-2 of order-2 won
advance 1d
expect balance bob payable 30.00
payout run september
payout approve september
expect payout september bob 30.00
