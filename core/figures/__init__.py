"""What the figures are made of, without a screen."""
