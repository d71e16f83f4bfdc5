"""What the chapter says of synthetic data, as sentences that are measured and judged."""
