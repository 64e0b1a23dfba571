"""Visits verified by someone who did not perform them."""
