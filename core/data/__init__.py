"""Images: where they come from, how they reach the device, and the batches made of them."""
