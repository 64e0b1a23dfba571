"""After settlement: what organisations are owed is agreed, paid by two people, and found again in the bank's list."""
