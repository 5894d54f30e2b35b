"""Training: the only room that imports torch; started as a process, see `worker`."""
