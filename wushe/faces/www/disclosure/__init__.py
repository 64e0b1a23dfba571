"""Public pages: everybody sees what came in, what went out, and can ask."""
