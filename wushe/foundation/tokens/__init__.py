"""Tokens: with one, a machine acts as one grant of one person, or less."""
