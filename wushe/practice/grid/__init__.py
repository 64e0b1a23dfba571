"""Grid cases in seven steps: collected, filed, sent out, handled, reported, checked on the spot and closed, evaluated."""
