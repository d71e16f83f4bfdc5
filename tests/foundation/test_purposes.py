"""Random numbers: one list of purposes, one door, and no two of them share a stream."""

import ast
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

import run
from foundation import purposes
from foundation.purposes import rng, split_rng

ROOT = Path(run.__file__).parent
PURPOSES = {
    name: value for name, value in vars(purposes).items() if name.isupper() and name != "SPLIT_SEED"
}
CODE = [
    path
    for path in ROOT.rglob("*.py")
    if not path.relative_to(ROOT).parts[0].startswith((".", "tests", "outputs"))
]


def calls():
    """(path, name of what is called, arguments) of every call of the project."""
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield path, ast.unparse(node.func), node.args


def test_no_value_comes_twice():
    assert len(PURPOSES) > 40
    by_value = defaultdict(list)
    for name, value in PURPOSES.items():
        by_value[value].append(name)
    assert not [names for names in by_value.values() if len(names) > 1]


def test_there_is_one_door_to_numpy_s_generators():
    doors = ("default_rng", "PCG64", "SeedSequence", "RandomState", "np.random.seed")
    outside = [
        f"{path.relative_to(ROOT)}: {called}"
        for path, called, _ in calls()
        if called.endswith(doors) and path.name != "purposes.py"
    ]
    assert not outside


def test_a_purpose_always_has_the_same_number_of_indices():
    """Or NumPy's padding would make one stream of two: [seed, purpose] and [seed, purpose, 0]."""
    lengths = defaultdict(set)
    for _, called, arguments in calls():
        if called == "rng" and len(arguments) > 1 and isinstance(arguments[1], ast.Name):
            lengths[ast.unparse(arguments[1])].add(len(arguments))
    assert len(lengths) > 30
    assert not {name: found for name, found in lengths.items() if len(found) > 1}


@pytest.mark.parametrize("seed", [0, 5])
def test_no_two_purposes_share_a_stream(seed):
    """With one index and with none, at the indices that padding would confuse."""
    drawn = {}
    for purpose in PURPOSES.values():
        for index in ((0,), (1,), (0, 1)):
            first = tuple(rng(seed, purpose, *index).integers(2**63, size=2).tolist())
            assert drawn.setdefault(first, (purpose, index)) == (purpose, index)
    assert tuple(split_rng().integers(2**63, size=2).tolist()) not in drawn


def test_a_stream_is_numpy_s_of_seed_purpose_and_index():
    expected = np.random.default_rng([3, purposes.HMM_PATH, 7]).random(4)
    assert np.array_equal(rng(3, purposes.HMM_PATH, 7).random(4), expected)
