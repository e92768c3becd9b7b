# Whoever is suspended between draft and approval is not paid by it.
campaign main 10% hold 0d
partner bob
code BOB
partner ann
code ANN of ann
sale order-1 300.00 customer eve code BOB
sale order-2 200.00 customer zoe code ANN
advance 1d
payout run first
expect payout first bob 30.00
suspend bob note "documents are missing"
payout approve first -> 412
expect balance bob payable 30.00
expect balance ann payable 20.00

payout run second
expect payout second bob none
payout approve second
payout paid second ann
expect balance ann paid 20.00
reinstate bob
payout run third
payout approve third
expect payout third bob 30.00
