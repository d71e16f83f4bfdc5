"""A round of writing: so fast and so slow sides are all timed for seconds."""

import time
from collections.abc import Callable


def texts_in_time(write: Callable[[], list[str]], seconds: float) -> dict:
    """Let a side write again and again until the time is up; what was begun is finished.

    Args:
      write: writes one text a stream.
      seconds: how long, at least.

    Returns: what a side answers; "different characters": how many were written.
    """
    started, written, seen = time.perf_counter(), 0, set()
    while True:
        new = write()
        written += sum(map(len, new))
        seen.update(*new)
        if time.perf_counter() - started >= seconds:
            return {"units": written, "measured": {"different characters": len(seen)}}
