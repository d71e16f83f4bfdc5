"""The page of `run.py chapter`."""
