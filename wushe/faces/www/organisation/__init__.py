"""Pages of the organisation journey."""
