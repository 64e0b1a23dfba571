"""Wishes beside their desk: the public page without names, a volunteer's own claims, and the photos."""
