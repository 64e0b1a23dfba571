"""Which of the five societies meets a need, with which money."""
