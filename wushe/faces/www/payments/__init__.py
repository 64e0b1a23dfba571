"""Pages of payments after settlement."""
