"""One file a family of transforms, found by reading the folder (see `catalog`)."""
