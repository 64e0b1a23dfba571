"""Triage: what a resident's own words point to: service, urgency, place, entitlement; a person decides each of them."""
