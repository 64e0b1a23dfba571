"""Residents, households, tags, relations and consents."""
