"""Goods from the giver to who uses them: received, inspected, stocked by lot, allotted, handed over, counted, recalled."""
