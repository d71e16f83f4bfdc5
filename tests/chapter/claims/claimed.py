"""What tests of trials share: a trial must have every arm and every measure that a claim needs."""

import math
from collections.abc import Collection

from chapter.claims.experiment import Measures
from chapter.claims.sentences import CLAIMS
from chapter.claims.verdict import Effect


def effects_of(trial: str) -> list[Effect]:
    """The effects of all claims that are measured in this trial."""
    return [effect for claim in CLAIMS for effect in claim.effects if effect.trial == trial]


def check_claimed(trial: str, measures: Measures, left_out: Collection[str] = ()) -> None:
    """Fail unless both arms of every effect have its measure, as a finite number.

    Args:
      trial: its name.
      measures: what it returned, at smoke size.
      left_out: arms that this size does not have; they must not be there, and effects with them are
        not looked at.
    """
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
