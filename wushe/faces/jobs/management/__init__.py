"""Management commands of the processes without pages."""
