"""Tables: `load` is the door, `dataset` what comes out, one file a source or step.

In order: cells of text (csv_files, columns), a part for each row (splits), a schema of them, learnt
by the training rows (schema/) and cleaning by the same; then a dataset, and of it the matrices that
models read (encoding). What models draw becomes cells again by the schema.
"""
