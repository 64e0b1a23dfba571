"""Volunteers, teams and standing posts."""
