"""What only Your summary is made of."""
