"""One run: its lanes, trained in lockstep, and what is seen of them."""
