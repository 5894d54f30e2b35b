"""How zeros happen: its numbers and figures."""
