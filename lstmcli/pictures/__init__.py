"""Runs, answers and layers as pictures and pages: the only room that knows matplotlib and plotly."""
