"""Which trials there are, the measuring of their seeds, and the files these are kept in."""
