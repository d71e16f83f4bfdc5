"""Images: `command` (evaluate images), `compare`, features, guide, printing, pictures."""
