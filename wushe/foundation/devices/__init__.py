"""Phones that keep something: which they are, how wrong their clocks are, and the word to wipe one that is lost."""
