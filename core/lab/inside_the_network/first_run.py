"""What Inside the network trains for a visitor who has no run, and which of its weights is watched."""

from core.spec import LaneSpec, RunSpec

FIRST = RunSpec.beside_zero(LaneSpec(strength=1e-3), epochs=30)
"""Some seconds on digits, most weights zero in the end."""

FIRST_WATCHED = ("conv1", 14)
"""A weight that ends at zero in that run although the data loss goes on pulling at it."""
