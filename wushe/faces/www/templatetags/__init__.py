"""Template vocabulary of the web face: parts of a page, figures, and the way quantities are written."""
