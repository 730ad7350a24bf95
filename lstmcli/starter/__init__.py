"""Specs to start from: a template for each kind of network, filled in from data."""
