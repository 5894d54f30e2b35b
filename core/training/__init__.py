"""Training: the only room that imports torch; started as a process, see `worker`."""

import os

# Set before torch starts its threads: how often a thread that waits for the others looks before it sleeps. By
# default (300,000) it holds the core that the awaited one needs when another process is busy: on two cores an
# update on 28 × 28 images then takes up to 180 ms. Sleeping at once costs 15 ms instead of 12 when idle. With
# 2,000 it takes 12 ms idle and 32 busy.
os.environ.setdefault("GOMP_SPINCOUNT", "2000")
