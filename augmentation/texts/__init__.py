"""Augmentation of texts, line by line."""
