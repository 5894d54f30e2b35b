"""What only What is L1? is made of."""
