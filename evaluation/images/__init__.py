"""Images: `command` (evaluate images); `compare`, evidence, utility measure; features, pictures."""
