"""What only Inside the network is made of."""
