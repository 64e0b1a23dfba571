"""Accounts, roles, grants and the actor of every call."""
