"""Pages of the account journey."""
