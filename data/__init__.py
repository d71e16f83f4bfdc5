"""Data sets, cleaning, splits; and what every folder above needs: settings, errors, files."""
