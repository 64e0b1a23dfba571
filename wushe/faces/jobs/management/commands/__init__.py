"""One command for each process without pages, and those that prepare an installation."""
