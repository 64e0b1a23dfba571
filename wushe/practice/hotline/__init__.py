"""Hotline 接诉即办: what residents call in is answered in time, by somebody with a name, and asked after."""
