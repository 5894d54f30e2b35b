"""What only Smaller model is made of."""
