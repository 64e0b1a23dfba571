"""Forms as versioned data: what is asked at a door, when, and what an answer may be."""
