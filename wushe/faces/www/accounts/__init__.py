"""Pages of the accounts journey."""
