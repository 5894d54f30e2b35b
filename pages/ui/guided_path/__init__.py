"""The guided path: its stops, how far a reader is, and the strip on top of every page."""
