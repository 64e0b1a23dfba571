"""Hours to an account, money against a budget line."""
