"""Texts: `load` is the door, one file a source or step."""
