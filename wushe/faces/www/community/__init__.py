"""Pages of the community journey."""
