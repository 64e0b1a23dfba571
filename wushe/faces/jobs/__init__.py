"""What the worker and the scheduler run."""
