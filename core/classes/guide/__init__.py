"""The instructor's guide: lectures ready to open, and what to say to each card."""
