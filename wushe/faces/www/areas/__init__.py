"""Pages for areas: the tree, what an area was and has become, and how it is reorganised."""
