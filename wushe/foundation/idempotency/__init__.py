"""A client's request takes effect once, however often it arrives."""
