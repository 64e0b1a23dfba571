"""Volunteering: activities and posts with shifts, hours with their provenance, records and certificates."""
