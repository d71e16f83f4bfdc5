"""Data sets, cleaning, splits; and the small tools every folder above needs (settings, errors, files)."""
