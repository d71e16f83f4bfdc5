"""One file a family of transforms; importing it registers it."""
