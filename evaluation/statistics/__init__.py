"""Intervals and shares."""
