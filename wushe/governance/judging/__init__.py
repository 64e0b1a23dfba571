"""Residents judge: open meetings and their questions, published answers, grades of answers and of a street's year."""
