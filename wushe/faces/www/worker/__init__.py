"""Pages of the worker journey."""
