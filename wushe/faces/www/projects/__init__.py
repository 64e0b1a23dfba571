"""Projects followed from end to end: bought, done, proved, paid; tranches, reports, the standard and the outcome."""
