"""The one exception that means "the input or a flag is at fault" (exit code 2)."""

import contextlib
from collections.abc import Iterator


class InputError(ValueError):
    """Bad input, told in one line: what was received; what is expected; how to mend it.

    Args:
      received: what came in, with its value or path.
      expected: what would have been right.
      mend: what the user can do now.
    """

    def __init__(self, received: str, expected: str, mend: str):
        super().__init__(f"{received}; {expected}; {mend}")


@contextlib.contextmanager
def damage_named(received: str, expected: str, mend: str) -> Iterator[None]:
    """What goes wrong in the block, for what a file holds, becomes an InputError that names it."""
    try:
        yield
    except InputError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise InputError(f"{received} ({error!r})", expected, mend) from None


class Diverged(RuntimeError):
    """A loss or a weight became NaN or infinite (exit code 3)."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C or SIGTERM arrived and the state is saved (exit code 130)."""
