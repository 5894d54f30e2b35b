"""What the lesson pages compute and run: curves, geometry, listings, experiments; without torch."""
