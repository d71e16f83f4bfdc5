"""Image augmentation (2.1.3) on the page: part, its words."""
