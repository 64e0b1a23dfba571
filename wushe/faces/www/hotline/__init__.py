"""The hotline desk 接诉即办: the list, one order and what can be done with it, what is overdue, and the rates."""
