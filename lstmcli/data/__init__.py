"""Room 5, data: every form a user keeps sequences in becomes `Sequences` and `Targets`."""
