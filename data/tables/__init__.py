"""Tables: `load` is the door, `dataset` what comes out, one file a source or step.

In order: cells of text (csv_files), a part for each row (splits), kinds of columns (columns) and
cleaning by the training rows, pandas.DataFrames so far; then a dataset, and of it the matrices that
models read (encoding).
"""
