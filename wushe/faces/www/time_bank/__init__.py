"""Pages of the time bank: for those who run and audit it, for volunteers and residents, and for everybody."""
