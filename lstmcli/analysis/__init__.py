"""A network as MATLAB's analyzeNetwork shows it: each layer in words, and the whole as a drawing."""
