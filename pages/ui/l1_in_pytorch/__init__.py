"""What only L1 in PyTorch is made of."""
