"""Practice: the ways of working at the base — door-knocks, cases, groups."""
