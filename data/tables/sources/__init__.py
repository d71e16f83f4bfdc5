"""The tables that DATA can name, a file each; every file is found and its SOURCE is listed.

`load(place)` returns the cells, a data.tables.csv_files.RawTable, and the name of the column to be
predicted where none is asked for, or None; `place` is what stands behind the colon. `--help` reads
these files, so what is heavy is imported inside `load`.
"""
