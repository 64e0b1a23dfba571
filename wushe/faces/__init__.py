"""What people and machines see: pages, API, jobs."""
