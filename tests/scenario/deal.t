# A registered deal protects its partner for 14 days, whoever brings the customer in meanwhile.
campaign resale 20% hold 0d
  rewards: [{"if": {"event": "deal_closed"}, "reward": {"type": "percentage", "value": "5"}}]
partner ann
partner bob
code BOB of bob

deal acme ann domain www.Acme.example amount 9000.00
expect deal acme registered
deal rival bob email cto@acme.example
expect deal rival declined protected_deal

advance 3d
sale s1 100.00 customer eve email eve@acme.example code BOB
expect credited s1 ann
expect says s1 "whose deal was registered 3 days before"
expect commission s1 ann 20.00
sale s2 100.00 customer joe email joe@other.example code BOB
expect credited s2 bob

# Won: an event of its own, by the terms' reward for closed deals.
deal win acme
expect deal acme won
expect commission acme ann 450.00
expect says acme "whose deal was registered 3 days before"
deal win acme -> 409
deal lose acme -> 409

# The customer stays its partner's, long after the protection is over.
advance 30d
sale s3 50.00 customer eve code BOB
expect credited s3 ann

# Over after 14 days, unless it is extended.
deal hooli ann domain hooli.example
advance 14d
expect deal hooli expired
sale s4 100.00 customer kim email kim@hooli.example code BOB
expect credited s4 bob
expect says s4 "whose code was used on the same day"
deal initech ann email jane@gmail.com
advance 10d
deal extend initech days 7
advance 10d
sale s5 100.00 customer sue email joe@gmail.com code BOB
expect credited s5 bob
sale s6 100.00 customer liz email Jane+work@gmail.com code BOB
expect credited s6 ann
deal lose initech
sale s7 100.00 customer pat email jane@gmail.com code BOB
expect credited s7 bob
# What arrives late is judged by when it happened.
sale s8 100.00 customer ron email jane@gmail.com code BOB ago 2d
expect credited s8 ann
advance 1h
expect balance ann payable 520.00
