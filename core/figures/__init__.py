"""What every figure is made of: colours, axes, traces."""
