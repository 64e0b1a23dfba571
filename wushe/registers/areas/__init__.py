"""Administrative areas by code, from province to building."""
