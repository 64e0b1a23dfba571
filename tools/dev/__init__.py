"""The project's command line: installs, runs, tests and looks after one installation. Standard library only."""
