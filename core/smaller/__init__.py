"""A sparse network made small: what zeros weigh, units that can go, files that leave."""
