"""What lesson pages compute for themselves: numpy only, small enough to answer while a slider moves."""
