"""The `fuse` command: real and synthetic samples mixed into one training set."""
