"""Tables: `command` (evaluate table); `compare`, utility measure; pictures."""
