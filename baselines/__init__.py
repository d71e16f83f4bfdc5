"""The chapter's simpler generators: what the networks have to beat.

Each is a file, or a folder of its formulas, its fit and a file a kind of data; BASELINE, at the top
of the file or in the folder's __init__.py, says what it learns and which flags it takes (entry.py).
To add one, add its file: the registry reads the folder.
"""
