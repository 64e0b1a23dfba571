"""Forms of the community desk, by subject."""
