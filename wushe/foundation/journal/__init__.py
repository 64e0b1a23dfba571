"""Audit and outbox in one append-only, hash-chained row."""
