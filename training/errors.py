"""The two ways a training ends early on its own account."""


class Diverged(RuntimeError):
    """A loss or a weight became NaN or infinite (exit code 3)."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C or SIGTERM arrived and the state is saved (exit code 130)."""
