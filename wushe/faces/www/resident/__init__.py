"""Pages of the resident journey."""
