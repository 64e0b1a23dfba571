"""What oversight reads: the timeline of a chain, where chains break, and figures that open their rows."""
