"""The lines of the tables that `gan evaluate` and `text evaluate` print."""


def row(name: str, synthetic: str, real: str, words: str) -> str:
    """A line of the table; a space of its own keeps full columns apart."""
    return f"{name:<25} {synthetic:>15} {real:>15}   {words}"
