"""Texts: `command` (evaluate text), `compare`, judge, scores, printing."""
