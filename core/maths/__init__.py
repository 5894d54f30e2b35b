"""The maths of L1 in a network: penalties, proximal maps, methods, networks, optimality."""
