"""Beside the due list: the monthly visit rate with the names on what is late, and festivals and bad weather."""
