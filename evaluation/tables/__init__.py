"""Tables: `command` (evaluate table), `compare`, guide, printing, pictures."""
