"""The hidden Markov model (4.1.1): its formulas, its fit, a file a kind of data."""
