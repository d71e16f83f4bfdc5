"""The hashes that hold registration.md to the lists, rule, designs and data it speaks of.

`python -m chapter.claims.registration` prints the table. A change of any of these files is a dated
amendment in registration.md, with the new table below it.
"""

import re
from pathlib import Path

from chapter.claims.seeds.known import known_trials
from chapter.claims.seeds.stored import ROOT, file_hash

REGISTRATION = Path(__file__).with_suffix(".md")
RULE = ("chapter/claims/verdict.py", "evaluation/statistics/variance.py")
ROW = re.compile(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", re.MULTILINE)


def registered_files() -> list[str]:
    """The lists, the rule, the judges of tables, every design, and what the trials read."""
    folder = ROOT / "chapter" / "claims" / "designs"
    designs = sorted(str(path.relative_to(ROOT)) for path in folder.glob("*.py"))
    read = sorted({name for trial in known_trials().values() for name in trial.reads})
    lists = ["chapter/claims/sentences.py", "chapter/claims/controls.py"]
    return [*lists, *RULE, "evaluation/judges/tables.py", *designs, *read]


def hashes_now() -> dict[str, str]:
    """File -> hex SHA-256 as it is."""
    return {name: file_hash(name) for name in registered_files()}


def registered_hashes() -> dict[str, str]:
    """File -> hex SHA-256 as the last table of registration.md has it."""
    last = REGISTRATION.read_text(encoding="utf-8").rpartition("| file | SHA-256 |")[2]
    return dict(ROW.findall(last))


if __name__ == "__main__":
    print("| file | SHA-256 |\n|---|---|")
    for name, value in hashes_now().items():
        print(f"| `{name}` | `{value}` |")
