"""A counter on the terminal for work that takes longer than a breath."""

import sys
import time
from collections.abc import Iterable, Iterator

SECONDS_BETWEEN_LINES = 0.2


def counted(items: Iterable, total: int, verb: str, quiet: bool = False) -> Iterator:
    """Yield `items` and show "verb 1,200 of 60,000" on stderr, if stderr is a terminal.

    Args:
      items: what to pass on.
      total: how many there are.
      verb: what is done to them, such as "reading".
      quiet: show nothing.
    """
    shown = not quiet and sys.stderr.isatty()
    last = time.monotonic()
    width = 0
    try:
        for number, item in enumerate(items, start=1):
            yield item
            if shown and time.monotonic() - last >= SECONDS_BETWEEN_LINES:
                last = time.monotonic()
                line = f"{verb} {number:,} of {total:,}"
                width = max(width, len(line))
                sys.stderr.write(f"\r{line}")
                sys.stderr.flush()
    finally:  # also if whoever takes the items stops early
        if width:
            sys.stderr.write(f"\r{' ' * width}\r")
            sys.stderr.flush()
