# A fixed reward in another currency is converted where there are caps to compare it with; else it is paid as it is.
campaign open 0%
  reward: {"type": "fixed", "amount": 1000, "currency": "EUR"}
partner ann in open
code ANN of ann in open
campaign capped 0%
  reward: {"type": "fixed", "amount": 1000, "currency": "EUR"}
  caps: [{"scope": "partner", "period": "lifetime", "amount": 3000}]
partner bob in capped
code BOB of bob in capped

# Without a rate it cannot be compared.
sale early 100.00 customer c0 code BOB
expect commission early bob 10.00 held
expect balance bob held 10.00 EUR
rates USD 1.20
sale one 100.00 customer c1 code ANN
expect commission one ann 10.00
sale two 100.00 customer c2 code BOB
expect commission two bob 12.00 pending
expect says two "12.00 USD = fixed reward of 10.00 EUR"
sale three 80.00 EUR customer c3 code BOB
expect commission three bob 12.00
sale four 100.00 customer c4 code BOB
expect commission four bob 6.00
expect says four "less 6.00 USD over the cap per partner"
expect balance bob pending 30.00
expect balance ann pending 10.00 EUR
# What is taken back makes no room again, as for any cap.
refund r of two
expect balance bob pending 18.00
sale five 100.00 customer c5 code BOB
expect commission five none
expect says five "the cap per partner of 30.00 USD is used up"
