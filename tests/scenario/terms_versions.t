# Events are judged by the terms in force when they happened.
campaign main 20% hold 0d
partner bob
code BOB
sale before 100.00 customer eve code BOB
expect commission before bob 20.00
advance 1d
publish main 10% hold 0d
advance 1d
sale after 100.00 customer eve
expect commission after bob 10.00
expect commission before bob 20.00
