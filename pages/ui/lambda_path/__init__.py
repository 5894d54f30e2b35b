"""What only λ path is made of."""
