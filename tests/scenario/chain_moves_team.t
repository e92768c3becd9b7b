# Who is planned to move belongs to the old team until then, and from then on to the new one: nothing
# has to run at that moment.
campaign main 25% hold 30d
  chain: {"mode": "on_top", "compute": "flat", "levels": [{"percent": "10"}]}
partner ann
partner eve
partner bob parent ann
partner kim parent bob
sale order-1 100.00 customer c1 partner bob
sale order-2 60.00 customer c2 partner kim
expect team ann 160.00
expect team eve 0.00
move bob under eve in 5d
expect team ann 160.00
expect team eve 0.00
sale order-3 100.00 customer c3 partner bob
expect commission order-3 ann 2.50
expect team ann 260.00
advance 4d
sale order-4 100.00 customer c4 partner bob
expect commission order-4 ann 2.50
expect team ann 360.00
advance 2d
expect team ann 0.00
expect team eve 360.00
expect team bob 60.00
sale order-5 100.00 customer c5 partner bob
expect commission order-5 eve 2.50
# Planned twice: the last decision takes the place of the one before.
move bob under ann in 3d
move bob under nobody in 1d
advance 4d
expect team ann 0.00
expect team eve 0.00
expect team bob 60.00
