"""Paid carers and social workers: posts, skills, shifts."""
