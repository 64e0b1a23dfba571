"""Visits: sign-in, evidence, sign-out."""
