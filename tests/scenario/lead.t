# One lead is paid for each address, whatever is written behind a plus sign.
campaign main 5.00 trigger lead hold 0d
partner bob
link join -> https://shop.example/join
click join as c1
lead lead-1 customer eve click c1 email eve@mail.example
expect commission lead-1 bob 5.00
lead lead-2 customer eve2 click c1 email eve+again@mail.example
expect commission lead-2 none
