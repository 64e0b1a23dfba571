"""Residents judge: the public page of answers, and a resident's own grades."""
