"""What tests of trials share: a trial must have every arm and every measure that a claim needs."""

import math
from collections.abc import Collection

import numpy as np
import pytest

from chapter.claims.controls import CONTROLS
from chapter.claims.experiment import Measured, check_measures
from chapter.claims.sentences import CLAIMS
from chapter.claims.verdict import Effect


def effects_of(trial: str) -> list[Effect]:
    """The differences of all claims and controls that are measured in this trial."""
    claimed = [effect for claim in CLAIMS for effect in claim.effects]
    controls = [control.effect for control in CONTROLS]
    return [effect for effect in (*claimed, *controls) if effect.trial == trial]


def check_claimed(trial: str, measured: Measured, left_out: Collection[str] = ()) -> None:
    """Fail unless both arms of every difference have its measure, and rows fit their measures.

    Args:
      trial: its name.
      measured: what it returned, at smoke size.
      left_out: arms that this size does not have; they must not be there, and differences with them
        are not looked at.
    """
    measures = measured.measures
    check_measures(measures)
    effects = effects_of(trial)
    assert effects, f"no claim needs {trial}"
    assert not set(left_out) & set(measures), f"{trial} has arms that were to be left out"
    for effect in effects:
        if {effect.better, effect.worse} & set(left_out):
            continue
        for arm in (effect.better, effect.worse):
            assert arm in measures, f"{effect.name}: {trial} has no arm {arm!r}"
            value = measures[arm].get(effect.measure)
            assert value is not None and math.isfinite(value), f"{effect.name}: {arm}: {value}"
    for arm, rows in measured.rows.items():
        for measure, values in rows.items():
            assert np.mean(values) == pytest.approx(measures[arm][measure]), (arm, measure)


def without(measures, *names):
    """The measures without some of these names: times, or what another size does not ask for."""
    return {
        arm: {name: value for name, value in values.items() if name not in names}
        for arm, values in measures.items()
    }
