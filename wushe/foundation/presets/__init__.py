"""Policy numbers as dated, regional, sourced data."""
