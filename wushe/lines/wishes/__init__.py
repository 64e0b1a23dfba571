"""Small wishes 微心愿: verified, published without a name, claimed, realised, confirmed with a photo, thanked; no cash."""
