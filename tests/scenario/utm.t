# A visitor comes by an address with a partner's UTM parameters, and the program has seen no click.
campaign main 10% hold 0d
  attribution: {"priority": ["utm", "link"], "cookie_days": 30, "ownership": {"days": 10}}
partner ann
link ann of ann utm Newsletter/mail -> https://shop.example/
partner bob
link bob of bob -> https://shop.example/
click bob as c1

# It counts as a contact with the link's partner, here before any click; letter case does not matter.
sale s1 100.00 customer c1 click c1 utm newsletter/MAIL
expect credited s1 ann 1000000
expect commission s1 ann 10.00
expect says s1 "Credited to the partner whose UTM parameters were used on the same day."

# What the link says must be there; what it does not say may be anything.
sale s2 100.00 customer c2 utm newsletter/mail/spring
expect credited s2 ann 1000000
sale s3 100.00 customer c3 utm newsletter
expect credited s3 nobody
expect says s3 "No link has these UTM parameters."
sale s4 100.00 customer c4 utm google/cpc click c1
expect credited s4 bob 1000000

# Of several links of a partner the one that says more, with its own reward; then the oldest.
link june of ann utm newsletter/mail/june -> https://shop.example/
  reward: {"type": "percentage", "value": "50"}
link juno of ann utm newsletter/mail/june -> https://shop.example/
sale s5 100.00 customer c5 utm newsletter/mail/june
expect commission s5 ann 50.00

# Another partner's that says more decides; as much, and nobody knows whose it is.
partner cat
link july of cat utm newsletter/mail/july -> https://shop.example/
sale s6 100.00 customer c6 utm newsletter/mail/july
expect credited s6 cat 1000000
link mail of cat utm newsletter/mail -> https://shop.example/
sale s7 100.00 customer c7 utm newsletter/mail
expect credited s7 nobody
expect says s7 "The UTM parameters are ambiguous: links of several partners have them."
sale s8 100.00 customer c8 utm newsletter/mail click c1
expect credited s8 bob 1000000
expect says s8 "The UTM parameters are ambiguous: links of several partners have them."

# Stored as a contact, it counts for as many days as a click.
lead l9 customer c9 utm newsletter/mail/june
lead l10 customer c10 utm newsletter/mail/june
event g11 goal goal demo customer c11 utm newsletter/mail/june
advance 29d
sale s9 100.00 customer c9
expect credited s9 ann 1000000
expect says s9 "whose UTM parameters were used 29 days before"
sale s11 100.00 customer c11
expect credited s11 ann 1000000
advance 2d
sale s10 100.00 customer c10
expect credited s10 nobody

# As terms are usually, a click and a code come first; what others do meanwhile changes nothing.
publish main 10% hold 0d
advance 1h
click bob as c2
sale s12 100.00 customer c12 click c2 utm newsletter/mail/june
expect credited s12 bob 1000000
sale s13 100.00 customer c13 utm newsletter/mail/june
expect credited s13 ann 1000000
sale s14 100.00 customer c13 click c2 -> 201
expect credited s14 ann 1000000

# Where the priority does not name it, it counts for nothing. The same id with other parameters is another sale.
publish main 10% hold 0d
  attribution: {"priority": ["link"]}
advance 1h
sale s15 100.00 customer c15 utm newsletter/mail/june
expect credited s15 nobody
expect says s15 "the last contact, UTM parameters on the same day, does not count: a signal the campaign does not count."
sale s15 100.00 customer c15 utm newsletter/mail/july -> 409
sale s15 100.00 customer c15 -> 409

# The partner's own address.
partner dan email dan@mail.example
link dan of dan utm dan -> https://shop.example/
publish main 10% hold 0d
advance 1h
sale s16 100.00 customer c16 utm dan email dan@mail.example
expect commission s16 dan 10.00 held
