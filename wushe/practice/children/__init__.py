"""Children in need of protection: a danger is reported at once, and a child's file opens only to whom it is allowed to."""
