"""The tables that DATA can name, a file each; every file is found and its SOURCE is listed.

`load(place)` returns the cells, a pandas.DataFrame of text (NaN: missing), and the name of the
column to be predicted where none is asked for, or None; `place` is what stands behind the colon.
`--help` reads these files, so what is heavy (pandas, too) is imported inside `load`.
"""
