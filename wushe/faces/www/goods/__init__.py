"""The desk of goods: stock, lots with their story, fair distribution, hand-over, counts, write-offs, recalls."""
