"""What the lesson pages compute: curves, geometry, listings and scripts, without torch."""
