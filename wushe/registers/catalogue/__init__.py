"""Service catalogue: editions, items, packages."""
