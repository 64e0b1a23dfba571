"""Double entry, append-only: time, money, goods."""
