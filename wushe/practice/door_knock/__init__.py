"""Door-knock campaigns 敲门行动: every door of a list is reached or has a reason, and one visit fills every ledger."""
