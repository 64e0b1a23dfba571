"""Double check-in 双报到: units and their people register with a community, take on wishes and shifts, and are counted."""
