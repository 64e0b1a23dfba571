"""Communities: their council with member units, and the backbone roles with who holds them and what is vacant."""
