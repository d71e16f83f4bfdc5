"""The Gaussian mixture (4.1.1): its formulas, its fit, a file a kind of data."""
