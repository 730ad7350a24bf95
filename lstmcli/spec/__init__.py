"""Room 1, words: YAML text to marked nodes, and nodes to checked properties."""
