# Events are judged by the terms in force when they happened.
campaign main 20% hold 0d
partner bob
code BOB
sale before 100.00 customer eve code BOB
expect commission before bob 20.00
advance 3d
publish main 10% hold 0d
advance 1d
sale after 100.00 customer eve
expect commission after bob 10.00
expect commission before bob 20.00
# What is told late is judged by when it happened.
sale late 100.00 customer fay code BOB ago 2d
expect commission late bob 20.00
sale latest 100.00 customer gus code BOB ago 12h
expect commission latest bob 10.00
