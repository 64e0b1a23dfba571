"""Pages of the centre journey."""
