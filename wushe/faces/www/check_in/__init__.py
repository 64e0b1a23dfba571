"""Pages of double check-in beside its desks: one's own registrations and the bulletin of a quarter."""
