"""The class over the network: its routes, its sockets, and the pages of seats, projector and console."""
