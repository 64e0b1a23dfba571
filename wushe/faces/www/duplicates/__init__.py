"""Pages for records that may be one person: the list of a desk, and both records side by side."""
