"""Webhooks: what happens is told to other systems, signed, in order, at least once."""
