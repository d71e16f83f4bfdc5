"""Texts: `command` (evaluate text), `compare`, membership, ngram, printing; judge, scores."""
