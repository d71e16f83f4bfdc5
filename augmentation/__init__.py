"""Augmentation (chapter 2.1.3, 3.2.3): new training samples by transforming the real ones."""
