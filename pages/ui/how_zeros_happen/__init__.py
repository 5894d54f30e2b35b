"""What only How zeros happen is made of."""
