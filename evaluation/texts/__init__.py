"""Texts: `command` (evaluate text); `compare`, ngram, scores measure."""
