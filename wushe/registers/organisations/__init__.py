"""Social organisations, charities and units."""
