"""One file a section of the page, its words beside it."""
