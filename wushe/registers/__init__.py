"""Who and where: the registers of the five societies."""
