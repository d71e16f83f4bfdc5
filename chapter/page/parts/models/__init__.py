"""The other models, tables and fusion (3.2, 4.1) on the page: part, its words."""
