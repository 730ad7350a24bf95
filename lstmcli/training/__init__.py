"""Room 6, training: one mini-batch, solvers, the state of a run, and the loop."""
