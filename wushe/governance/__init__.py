"""How a place governs itself: who registers with a community, what is asked in the open, and who grades the answers."""
