"""Visits that come due 定期探访: who must be seen how often, who is late, and what happens when nobody opens the door."""
