"""Scripts that made a table of docs/results.md and are no command."""
