"""How good a synthetic sample is: fidelity, diversity, memorisation; each beside real against real."""
