"""L1 in a CNN: its numbers and figures."""
