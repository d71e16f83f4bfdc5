"""Classifiers that a training set is judged by."""
