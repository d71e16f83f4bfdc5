"""A metric without an answer gives a reason; a fault of the program is not hidden."""

import numpy as np
import pytest

from evaluation.answers import answer, beside
from foundation.errors import InputError


def failing(error):
    def compute():
        raise error

    return compute


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (InputError("1 sample", "at least 2", "give more"), "1 sample; at least 2; give more"),
        (ValueError("n = 1;\n  2 expected"), "n = 1; 2 expected"),
        (np.linalg.LinAlgError("Singular matrix"), "Singular matrix"),
        (ZeroDivisionError("division by zero"), "division by zero"),
        (MemoryError(), "MemoryError"),
    ],
)
def test_no_answer_says_why_in_one_line(error, reason):
    assert answer(failing(error)) == {"value": None, "reason": reason}


@pytest.mark.parametrize("error", [TypeError("x"), KeyError("x"), KeyboardInterrupt()])
def test_faults_and_interrupts_are_not_hidden(error):
    with pytest.raises(type(error)):
        answer(failing(error))


def test_both_sides_keep_their_details_and_their_reasons():
    def compute(count):
        if count < 2:
            raise InputError(f"{count} samples", "at least 2", "give more")
        return {"value": count, "twice": 2 * count}

    reason, words = "1 samples; at least 2; give more", {"how_to_read": "up"}
    both = beside("up", compute, 3, 4)
    assert both == {"value": 3, "real": 4, "twice": 6, "real_twice": 8, **words}
    found = beside("up", compute, 1, 4)
    assert found == {"value": None, "real": 4, "reason": reason, "real_twice": 8, **words}
    found = beside("up", compute, 3, 1)
    assert found == {"value": 3, "real": None, "twice": 6, "real_reason": reason, **words}
