"""Stations, centres, meal points and other places of service."""
