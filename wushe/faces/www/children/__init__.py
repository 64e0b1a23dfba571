"""Pages for the protection of children."""
