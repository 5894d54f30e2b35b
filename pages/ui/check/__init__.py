"""Check yourself: what a reader answered."""
