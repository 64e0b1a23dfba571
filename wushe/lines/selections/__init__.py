"""Selections: who carries a project is found in the open — 公益创投 by call and score, 政府购买 by the way that the amount asks for."""
