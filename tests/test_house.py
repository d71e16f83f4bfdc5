"""The plan of the house: lower floors only, no circle, metrics that see arrays only."""

import ast
import graphlib
from pathlib import Path

import pytest

import run

ROOT = Path(run.__file__).parent
FLOORS = [
    {"foundation"},
    {"data", "training"},
    {"gan", "lstm_text", "augmentation", "baselines"},
    {"evaluation"},
    {"chapter", "benchmarks"},
    {"run"},
]
FLOOR = {folder: floor for floor, folders in enumerate(FLOORS) for folder in folders}
FILES = {
    path.relative_to(ROOT)
    .with_suffix("")
    .as_posix()
    .removesuffix("/__init__")
    .replace("/", "."): path
    for folder in FLOOR
    for path in [*(ROOT / folder).rglob("*.py"), *ROOT.glob(f"{folder}.py")]
}


def imports_of(module: str) -> set[str]:
    """The project's modules that a module imports, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(FILES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inner & FILES.keys()) or {node.module}
    return found & FILES.keys()


IMPORTS = {module: imports_of(module) for module in FILES}


def arrows():
    """(importing module, imported module), where they lie in two folders of the first level."""
    for module, imported in IMPORTS.items():
        for other in sorted(imported):
            if module.split(".")[0] != other.split(".")[0]:
                yield module, other


def test_every_folder_with_code_has_a_floor():
    assert {path.parent.name for path in ROOT.glob("*/__init__.py")} == FLOOR.keys() - {"run"}


def test_a_floor_imports_lower_floors_only():
    wrong = [
        f"{module} imports {other}"
        for module, other in arrows()
        if FLOOR[other.split(".")[0]] >= FLOOR[module.split(".")[0]]
    ]
    assert not wrong


def test_no_circle():
    """Raises graphlib.CycleError, which names the modules, if there is one."""
    order = list(graphlib.TopologicalSorter(IMPORTS).static_order())
    assert len(order) == len(FILES)


@pytest.mark.parametrize("module", sorted(name for name in FILES if "evaluation.metrics" in name))
def test_a_metric_sees_arrays_only(module):
    allowed = ("foundation.", "evaluation.metrics", "evaluation.statistics")
    containers = ("data.images.dataset", "data.texts.dataset", "data.tables.dataset")
    assert not {other for other in IMPORTS[module] if not other.startswith(allowed + containers)}
    tree = ast.parse(FILES[module].read_text(encoding="utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "tf"]


def test_the_house_stays_small():
    """What is added later takes something out: 34,000 lines of code, 23,000 of tests at most."""

    def lines(paths):
        return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)

    assert lines(FILES.values()) <= 34_000
    assert lines((ROOT / "tests").rglob("*.py")) <= 23_000


@pytest.mark.parametrize("folder", sorted({path.parent for path in FILES.values()} - {ROOT}))
def test_a_folder_is_understood_at_a_glance(folder):
    shown = [path for path in folder.iterdir() if path.name not in ("__pycache__", ".DS_Store")]
    assert len(shown) <= 14, [path.name for path in shown]
