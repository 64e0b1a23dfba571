"""Pages of the district journey."""
