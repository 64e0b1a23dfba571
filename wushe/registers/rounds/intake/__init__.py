"""Intakes: for each register, how a row finds its record, what it changes, and how many are written at once."""
