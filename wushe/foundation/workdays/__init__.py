"""Working days: weekends, public holidays and the weekends worked in exchange, as a dated table."""
