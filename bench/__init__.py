"""Benchmarks of the product: real server, real sessions, real flushes; figures are ratios to the bare database."""
