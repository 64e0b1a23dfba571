"""Projects that answer grouped needs, and their budget lines."""
