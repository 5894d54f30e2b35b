"""What only Compare runs is made of."""
