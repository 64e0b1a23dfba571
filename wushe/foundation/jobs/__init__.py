"""Work that must not be lost: jobs with lease, retry and schedule."""
