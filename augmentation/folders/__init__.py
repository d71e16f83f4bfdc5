"""`augment apply`: an augmented copy of a folder of images."""
