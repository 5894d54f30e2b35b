"""Training: the only room that imports torch; started as a process, see `worker`."""

import os

# Set before torch starts its threads. By default a thread that waits for the others spins. On two cores, with
# one other process busy, an update on 28 × 28 images then takes 428 ms instead of 29: the spinning thread
# holds the core that the awaited one needs.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
