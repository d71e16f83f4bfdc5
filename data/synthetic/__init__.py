"""Synthetic samples as data: written, read back, guarded, filtered, mixed."""
