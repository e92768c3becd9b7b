# Who buys by the code of somebody he recruited earns of it only when somebody has looked at it.
campaign main 20% hold 30d
  chain: {"mode": "on_top", "compute": "flat", "levels": [{"percent": "10"}, {"percent": "5"}]}
partner ann payout_account pay@ann.example
partner bob parent ann
partner cat parent bob
code CAT of cat
# Bob's own address, however it is written: his part is held, those of the others are not.
sale sale-1 100.00 customer c1 code CAT
  customer: {"id": "c1", "email": "Bob+shop@Partner.example"}
expect commission sale-1 cat 20.00 pending
expect commission sale-1 bob 2.00 held
expect commission sale-1 ann 1.00 pending
expect says sale-1 "held: the customer has the partner's address"
# The account to which the one above him is paid.
sale sale-2 100.00 customer c2 code CAT
  customer: {"id": "c2", "email": "PAY@ann.example"}
expect commission sale-2 cat 20.00 pending
expect commission sale-2 bob 2.00 pending
expect commission sale-2 ann 1.00 held
expect says sale-2 "held: the customer's address is the partner's payout account"
# Anybody else.
sale sale-3 100.00 customer c3 code CAT
  customer: {"id": "c3", "email": "eve@mail.example"}
expect commission sale-3 bob 2.00 pending
expect commission sale-3 ann 1.00 pending
# What is held stays with the event: it does not mature, and the audit finds it again.
advance 31d
expect commission sale-1 bob 2.00 held
expect commission sale-2 ann 1.00 held
expect balance bob payable 4.00
expect audit ok

# By new terms nobody earns more of what is not looked at, either: a first level of 20 % adds to what is held.
restate preview more main
  terms: {"trigger": "sale", "reward": {"type": "percentage", "value": "20"}, "chain": {"mode": "on_top", "compute": "flat", "levels": [{"percent": "20"}, {"percent": "5"}]}}
expect restated more bob 6.00 12.00
restate approve more
expect balance bob held 4.00
expect audit ok

# Terms that did not look up so far, and are restated to do so.
campaign plain 20% hold 30d
partner dan
partner eli parent dan
code ELI of eli
sale sale-4 100.00 customer c4 code ELI
  customer: {"id": "c4", "email": "dan@partner.example"}
sale sale-5 100.00 customer c5 code ELI
  customer: {"id": "c5", "email": "fay@mail.example"}
restate preview chain plain
  terms: {"trigger": "sale", "reward": {"type": "percentage", "value": "20"}, "chain": {"mode": "on_top", "compute": "flat", "levels": [{"percent": "10"}]}}
restate approve chain
expect balance dan held 2.00
expect balance dan pending 2.00
