# A sale is judged by the partners above of its time, also when it arrives late; moves may be planned.
campaign main 25% hold 30d
  chain: {"mode": "on_top", "compute": "flat", "levels": [{"percent": "10"}, {"percent": "5"}]}
partner ann
partner eve
partner bob parent ann
code BOB of bob
sale order-1 100.00 customer c1 code BOB
expect commission order-1 ann 2.50
advance 2d
move bob under eve
advance 2d
sale order-2 100.00 customer c2 code BOB
expect commission order-2 eve 2.50
sale late-1 100.00 customer c3 code BOB ago 3d
expect commission late-1 ann 2.50
# Planned: nothing changes before its day.
move eve under ann in 5d
sale order-3 100.00 customer c4 code BOB
expect commission order-3 eve 2.50
advance 6d
sale order-4 100.00 customer c5 code BOB
expect commission order-4 eve 2.50
expect commission order-4 ann 1.25
sale late-2 100.00 customer c6 code BOB ago 3d
expect commission late-2 eve 2.50
# Nobody above any more, and no circles.
move ann under bob -> 422
move bob under nobody
sale order-5 100.00 customer c7 code BOB
expect commission order-5 bob 25.00
