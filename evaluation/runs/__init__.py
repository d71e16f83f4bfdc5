"""A run read back, sampled and measured: `X evaluate RUN`, and runs side by side."""
