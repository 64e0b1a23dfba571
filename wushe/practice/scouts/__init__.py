"""Scouts 排困员: whoever notices somebody in trouble says so in a minute; the desk answers, and the scout hears of it."""
