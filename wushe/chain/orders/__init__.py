"""Orders: placed 点单, sent 送单, accepted 接单."""
