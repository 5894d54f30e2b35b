"""Make a lesson: what is ticked, and the link, the QR and the frame that come of it."""
