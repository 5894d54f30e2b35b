"""The second process: many runs trained in turns, JSON lines in and out; `python -m core.worker`."""
