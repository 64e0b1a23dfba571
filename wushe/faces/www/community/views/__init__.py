"""Pages of the community desk, by subject."""
