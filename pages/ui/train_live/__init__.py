"""What only Train live is made of."""
