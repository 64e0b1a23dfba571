"""A small world for tests: plain functions that put rows into the database, and a named cast to act on them."""
