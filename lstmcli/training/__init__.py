"""Room 6, training: options, mini-batches, losses, solvers and the loop."""
