"""What only L1 in a CNN is made of."""
