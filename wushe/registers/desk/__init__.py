"""The desk of a register: find, narrow with counts, page, keep views, change many rows at once and take it back."""
