"""Indicators, and where the chain breaks."""
