# Who buys by his own link is paid only when somebody has looked at it.
campaign main 25% hold 30d
partner bob payout_account pay@bob.example
link bob -> https://shop.example/
# His address, however it is written.
sale sale-1 100.00 customer c1 partner bob
  customer: {"id": "c1", "email": "Bob+shop@Partner.example"}
expect commission sale-1 bob 25.00 held
# The account he is paid to.
sale sale-2 100.00 customer c2 partner bob
  customer: {"id": "c2", "email": "PAY@bob.example"}
expect commission sale-2 bob 25.00 held
expect says sale-2 "held: the customer's address is the partner's payout account"
# Anybody else.
sale sale-3 100.00 customer c3 partner bob
  customer: {"id": "c3", "email": "eve@mail.example"}
expect commission sale-3 bob 25.00 pending
# What is told later changes nothing of what was judged.
advance 31d
expect commission sale-2 bob 25.00 held
expect balance bob payable 25.00
expect audit ok
