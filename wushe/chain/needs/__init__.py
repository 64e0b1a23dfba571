"""Needs: recorded, triaged, answered, met."""
