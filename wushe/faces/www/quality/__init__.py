"""Pages of the quality journey."""
