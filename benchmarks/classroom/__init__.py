"""A full hall, simulated: what it costs."""
