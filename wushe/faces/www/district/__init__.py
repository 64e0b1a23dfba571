"""Pages of the district journey: the overview of an area, where its chains break, and what stands behind each figure."""
