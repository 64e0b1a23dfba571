"""Charity money: funds, donations, expenses under three levels of supervision, and what the public sees of them."""
