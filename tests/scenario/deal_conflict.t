# Who is a customer already, or was in contact before, is nobody's deal; protected accounts wait.
campaign resale 20% hold 0d
partner ann
partner bob
code BOB of bob

sale s1 100.00 customer eve email eve@acme.example
expect credited s1 nobody
deal acme ann domain acme.example
expect deal acme declined customer
lead l1 customer joe email joe@hooli.example
deal hooli ann domain hooli.example
expect deal hooli declined direct_contact
sale s2 100.00 customer joe
expect credited s2 nobody
expect says s2 "the deal was registered after direct contact"
# A lead that another partner brought is no contact of the organisation's: the deal goes first.
lead l2 customer kim email kim@initech.example code BOB
deal initech ann email boss@initech.example
expect deal initech registered
sale s3 100.00 customer kim
expect credited s3 ann

protect big.example
deal big ann domain big.example
expect deal big review protected_account
deal win big -> 409
sale s4 100.00 customer lou email lou@big.example code BOB
expect credited s4 bob
deal approve big note "agreed with sales"
expect deal big registered
sale s5 100.00 customer max email max@big.example code BOB
expect credited s5 ann
deal huge bob customer lou
expect deal huge declined customer
deal other bob domain gmail.com -> 422
deal decline huge -> 409
advance 1h
expect balance ann payable 40.00
