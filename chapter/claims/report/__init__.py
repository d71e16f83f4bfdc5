"""What the measures say: judged, as Markdown, as a picture."""
