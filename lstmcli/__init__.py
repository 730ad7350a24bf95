"""Train and run MATLAB's recurrent networks from YAML layer arrays and CSV sequences."""

__version__ = "0.1.0"
