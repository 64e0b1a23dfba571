"""Donors: who gives money, goods, venues or expertise, and how they wish to be named."""
