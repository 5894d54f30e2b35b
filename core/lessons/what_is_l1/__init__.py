"""What is L1?: its numbers and figures."""
