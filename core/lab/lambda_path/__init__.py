"""λ path: its numbers and figures."""
