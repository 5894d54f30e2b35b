"""What one can ask about the weights of a run at one moment; each question is a function of its own."""
