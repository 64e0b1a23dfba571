"""Measure triage on utterances that it has never seen, beside the plain match of keywords."""
