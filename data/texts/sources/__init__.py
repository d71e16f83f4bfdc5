"""The texts that DATA can name, a file each; every file is found and its SOURCE is listed.

`load(place, encoding, changes, quiet)` returns the clean text; `place` is what stands behind the
colon, what cleaning does is added to the counter `changes`. `--help` reads these files, so what is
heavy is imported inside `load`.
"""
