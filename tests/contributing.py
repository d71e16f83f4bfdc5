"""The examples of CONTRIBUTING.md: what one file adds is tried as it stands there."""

import re
from pathlib import Path

import run

TEXT = (Path(run.__file__).parent / "CONTRIBUTING.md").read_text(encoding="utf-8")


def example(heading: str) -> str:
    """The program under this heading."""
    return re.search(rf"\n## {heading}\n.*?```python\n(.*?)```", TEXT, re.DOTALL)[1]
