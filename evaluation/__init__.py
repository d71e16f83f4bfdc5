"""How good synthetic samples are, every figure beside the same figure for real samples."""
