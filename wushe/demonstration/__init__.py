"""The demonstration district, generated from a seed and labelled so."""
