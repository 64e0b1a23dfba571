"""The day planned by the engine and confirmed by a person."""
