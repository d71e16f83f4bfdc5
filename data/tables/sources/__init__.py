"""The tables that DATA can name, a file each; every file is found and its SOURCE is listed.

`load(place, reading)` returns a data.tables.columns.RawTable; `place` is what stands behind the
colon, `reading` a data.tables.columns.Reading.
`--help` reads these files, so what is heavy (pandas, too) is imported inside `load`.
"""
