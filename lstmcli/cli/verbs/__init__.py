"""One verb, one file: its arguments, its help, and what it does in order. No verb imports another."""
