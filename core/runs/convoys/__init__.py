"""Equal runs are trained once: one of them leads, the others are shown what it was shown.

What must hold, whatever is done in whatever order:

- A follower has been shown a part, from the beginning on, of what a run with its settings shows that nobody
  has moved. So it can leave at any step as if it had been trained alone: a step's numbers depend on the spec,
  the seed and the moves, and on nothing else.
- While a follower goes, the worker trains its leader, unmoved and not behind it, or the leader has come to
  its own end. When a leader's owner moves, holds or stops it, a pacemaker takes its place, a run of nobody's.
- What is done to one of them reaches no other.
"""
