"""The ledger: every claim of the app, where it is said, what holds it, and which test fails if it is false.

A row quotes the sentences that make its claim; what an f-string puts into them stands as {}. The modules hold
the rows of one subject each, `book` has them all, `free` says which sentences claim nothing. A test walks all
that the app shows: a sentence that changes, or a number that no row produces, turns it red.
"""
