"""Wushe 五社: the linkage of five societies, from a knock on a door to the year-end account."""
