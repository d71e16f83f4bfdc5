"""What tests share that start the program as a shell does, wherever they are."""

import os
import subprocess
import sys
from pathlib import Path

import run

PROGRAM = Path(run.__file__)


def ran(cwd, *words, **environment: str) -> subprocess.CompletedProcess:
    """Python with these words (run.py is PROGRAM), to its end, which must be a good one."""
    process = subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(PROGRAM.parent), **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert process.returncode == 0, process.stderr
    return process
