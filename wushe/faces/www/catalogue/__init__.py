"""Pages of the service catalogue: editions, what changed between them, items, packages; and the revision of a draft."""
