# A lead is paid once, however often it is told.
campaign main 5.00 trigger lead hold 30d
partner bob
link join -> https://shop.example/join
click join as c1
lead lead-1 customer eve click c1 email eve@mail.example
again -> 200
expect commission lead-1 bob 5.00
expect balance bob pending 5.00
