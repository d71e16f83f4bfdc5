"""Texts: what is copied, what is repeated, what is unlike human text."""
