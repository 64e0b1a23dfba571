"""Machine interface."""
