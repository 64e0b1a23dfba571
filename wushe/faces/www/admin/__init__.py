"""Pages of the account administrator: who may sign in, and in which roles at which places."""
