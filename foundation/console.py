"""Tables on the console: figures under each other, never cut, at any width of the screen."""

import io
import shutil
import sys
from collections.abc import Collection, Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

ENDLESS = 10_000  # columns of a file or a pipe: there a row stays a line
NARROWEST = 30  # of a column of words
GAP = 2  # between two columns


def print_cut(cut: str, flag: str) -> None:
    """Say what part of somebody's data is used ("5 of 9 images"; "": all), and how to change it."""
    if cut:
        print(f"note: {cut}, {flag} to change it")


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], words: Collection[str] = ()
) -> None:
    """Print rows under the names of their columns, on what is stdout now, without any markup.

    Names (the first column) stand at the left, figures at the right; neither is broken or cut: on a
    screen that is too narrow for them the lines run over its edge. Only the columns in `words` are
    broken.
    """
    rows = list(rows)
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0))
    least = 0
    for place, (name, *cells) in enumerate(zip(columns, *rows, strict=True)):
        left, broken = place == 0 or name in words, name in words
        table.add_column(name, justify="left" if left else "right", no_wrap=not broken)
        least += GAP + (NARROWEST if broken else max(map(cell_len, (name, *cells))))
    for row in rows:
        table.add_row(*row)
    screen = shutil.get_terminal_size().columns if sys.stdout.isatty() else ENDLESS
    console = Console(
        file=io.StringIO(),
        width=max(screen, least),
        markup=False,
        highlight=False,
        emoji=False,
        force_jupyter=False,  # in a notebook it would leave the file empty and show the table
        force_terminal=False,  # there and with FORCE_COLOR it would make names bold
    )
    console.print(table)
    print("\n".join(line.rstrip() for line in console.file.getvalue().splitlines()))
