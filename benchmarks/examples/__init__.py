"""Programs that compute what pages show before there is a run of one's own."""

MOMENTS = 60
"""Points of each curve, about."""
