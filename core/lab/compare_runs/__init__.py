"""Compare runs: its curves, settings and figures."""
