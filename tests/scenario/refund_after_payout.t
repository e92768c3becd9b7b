# A refund after the payout becomes a debt, and the next payout is smaller.
org acme currency EUR timezone Europe/Berlin
campaign main 10% hold 30d
partner bob
link summer -> https://shop.example/

click summer as c1 -> 302
sale order-77 200.00 customer eve click c1 -> 201
again -> 200
expect balance bob pending 20.00

advance 31d
expect balance bob payable 20.00
payout run june
expect payout june bob 20.00 draft
expect balance bob payable 20.00
payout approve june
expect balance bob in_payout 20.00
expect balance bob payable 0.00
payout paid june bob reference TX-1
expect payout june bob 20.00 paid
expect balance bob in_payout 0.00
expect balance bob paid 20.00
expect commission order-77 bob 20.00 paid

refund refund-77 of order-77 -> 201
expect balance bob payable -20.00

sale order-78 500.00 customer eve
expect balance bob pending 50.00
advance 31d
expect balance bob payable 30.00
payout run july
payout approve july
expect payout july bob 30.00
