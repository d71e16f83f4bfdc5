"""Recipes as TOML: read, written, shipped."""
