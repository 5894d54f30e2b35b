"""Where README's figures come from: `.dev/bench`."""
