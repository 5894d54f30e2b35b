"""What many runs at once cost, and what a run costs that its process dies in."""
