"""Errata of the prose, the formulas and the data handling."""
