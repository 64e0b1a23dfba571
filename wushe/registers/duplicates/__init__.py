"""Duplicates: two records that may be one person are found, shown side by side, and merged so that it can be undone."""
