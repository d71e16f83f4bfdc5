"""A run read back, sampled, measured: `evaluate` (X evaluate RUN), text_utility, report."""
