"""The live tail of each run: what happened, numbered, for whoever watches."""
