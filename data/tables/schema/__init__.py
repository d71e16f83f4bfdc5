"""What the columns of a file hold: a kind, a format and a range for each, learnt or declared.

`kinds` tells which kind a column is, one codec for each kind (numbers, dates, names) reads its
cells and writes them again, and `columns` is the whole: cells -> what models see -> cells.
`toml` is the file with which a user overrules what was learnt.
"""
