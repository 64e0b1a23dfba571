"""Pages of the door-knock: forms, campaigns, doors, and the four lists."""
