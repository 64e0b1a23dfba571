"""Selections beside their desks: the public page of each call, and the seat of each juror."""
