"""The time bank: hours of verified service, kept for decades and exchanged for help."""
