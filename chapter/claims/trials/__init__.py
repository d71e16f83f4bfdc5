"""One file an experiment: a seed in, measures out."""
