"""Hold a class: choosing its cards, opening it, its links."""
