"""Ctrl-C and SIGTERM ask the training loop to save and end; they do not tear it apart."""

import signal

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopRequests:
    """While the block runs, the first signal only sets `received`; the second one interrupts.

    Example:
      with StopRequests() as stop:
          while not stop.received: ...

    The former handlers come back when the block ends. Use it in the main thread only (Python's rule
    for signals).
    """

    def __init__(self):
        self.received = False

    def __enter__(self) -> "StopRequests":
        self._former = {number: signal.signal(number, self._handle) for number in SIGNALS}
        return self

    def __exit__(self, *_):
        for number, handler in self._former.items():
            signal.signal(number, handler)

    def _handle(self, number, frame):
        if self.received:
            raise KeyboardInterrupt  # asked twice: stop without saving again
        self.received = True
