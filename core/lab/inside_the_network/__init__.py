"""Inside the network: what it trains for a visitor, and its figures."""
