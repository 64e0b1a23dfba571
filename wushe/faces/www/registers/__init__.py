"""The registers of the station, each at a desk of the same making."""
