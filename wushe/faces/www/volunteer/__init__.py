"""Pages of the volunteer: posts near home, own shifts, sign-in, hours and certificates; phone width first."""
