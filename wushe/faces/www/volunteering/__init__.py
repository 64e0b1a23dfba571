"""The coordinator's desk of volunteering: activities, shifts, rolls, hours to check, figures."""
