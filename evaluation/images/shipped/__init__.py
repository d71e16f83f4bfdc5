"""The feature networks of the embedded images, trained once, for the same figures everywhere."""
