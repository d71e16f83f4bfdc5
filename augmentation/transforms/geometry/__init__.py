"""Transforms that move pixels, with masks and boxes in step."""
