# A suspended partner's events are recorded and held; a banned one earns nothing.
campaign main 10% hold 0d
partner bob
code BOB
suspend bob note "documents are missing"
sale order-1 100.00 customer eve code BOB
expect commission order-1 bob 10.00 held
expect balance bob payable 0.00

partner mallory
code MAL of mallory
ban mallory note fraud
sale order-2 100.00 customer zoe code MAL
expect commission order-2 none
