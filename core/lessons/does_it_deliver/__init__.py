"""Does it deliver?: ten claims, what is trained for each, and what has come of it."""
