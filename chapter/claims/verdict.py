"""From the differences of two arms over seeds to a verdict that no lucky seed can give."""

import dataclasses
import math
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import stats

from chapter.claims.experiment import Measures
from evaluation.statistics.intervals import Interval, interval

LEVEL = 0.95
FEWEST_SEEDS = 3
SUPPORTED, DEPENDS, NOT_SUPPORTED = "supported", "depends", "not supported"
UNDECIDED = "not decided"
YES, OPPOSITE, OPEN = "as claimed", "the opposite", "not shown"


@dataclasses.dataclass(frozen=True)
class Effect:
    """A difference that is above 0 if the claim holds: `better` - `worse`.

    Args:
      trial: its name.
      better, worse: arms; for a measure of which less is better, `better` is the one that the claim
        says has more of it, or `lower` is True.
      measure: of both arms.
      unit: what the numbers are, such as "points" (shares are shown times 100) or "nats".
      lower: less of the measure is meant to be better, so `worse` - `better` is taken.
    """

    trial: str
    better: str
    worse: str
    measure: str
    unit: str = "points"
    lower: bool = False

    @property
    def name(self) -> str:
        """Both arms and the measure, in words."""
        return f"{self.better} against {self.worse}: {self.measure.replace('_', ' ')}"


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of an effect.

    Args:
      effect: what was asked.
      difference: mean and 95 % interval over seeds, of this effect alone; None without an answer.
      p: two-sided, of Student's t test; 1 if the seeds are too few or all differences equal.
      adjusted_p: by Holm's method over all effects of the run.
      reason: why there is no answer, or how many seeds have none; else empty.
      left_out: an arm of it is not part of the trial at this preset.
    """

    effect: Effect
    difference: Interval | None
    p: float
    adjusted_p: float = 1.0
    reason: str = ""
    left_out: bool = False

    @property
    def result(self) -> str:
        """YES, OPPOSITE or OPEN."""
        if self.difference is None or self.adjusted_p >= 1 - LEVEL:
            return OPEN
        return YES if self.difference.mean > 0 else OPPOSITE

    @property
    def decidable(self) -> bool:
        """Whether the seeds could have shown anything."""
        return self.difference is not None and self.difference.n >= FEWEST_SEEDS

    def as_json(self) -> dict:
        """Fit for JSON."""
        return {
            **dataclasses.asdict(self.effect),
            "difference": None if self.difference is None else self.difference.as_json(),
            "p": self.p,
            "adjusted_p": self.adjusted_p,
            "result": self.result,
            "reason": self.reason,
            "left_out": self.left_out,
        }


def outcome(effect: Effect, seeds: Mapping[int, Measures]) -> Outcome:
    """The effect over the seeds of its trial, not yet adjusted.

    A seed in which one of the two could not be computed is left out, and the reason says so.
    """
    for arm in (effect.better, effect.worse):
        if not any(arm in measures for measures in seeds.values()):
            return Outcome(effect, None, 1.0, reason=f"no {arm} at this preset", left_out=True)
    differences = []
    for measures in seeds.values():
        values = [
            measures.get(arm, {}).get(effect.measure) for arm in (effect.better, effect.worse)
        ]
        if None not in values:
            differences.append((values[0] - values[1]) * (-1 if effect.lower else 1))
    lost = len(seeds) - len(differences)
    reason = f"no value in {lost} of {len(seeds)} seeds" if lost else ""
    if not differences:
        return Outcome(effect, None, 1.0, reason=reason or "no seed was measured")
    return Outcome(effect, interval(differences, LEVEL), t_test(differences), reason=reason)


def t_test(differences: Sequence[float]) -> float:
    """Two-sided p of mean 0; 1 for fewer than three values, or without any spread.

    Equal differences say that the seeds changed nothing, and a test needs a spread.
    """
    values = np.asarray(differences, np.float64)
    if len(values) < FEWEST_SEEDS or np.ptp(values) == 0:
        return 1.0
    return float(stats.ttest_1samp(values, 0.0).pvalue)


def adjusted(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The same with p adjusted over all of them.

    Of all effects together, the chance to call any one of them shown that is not there is at most
    5 %, whatever depends on what. What was left out is no test and does not count.

    Reference: Holm 1979, A simple sequentially rejective multiple test procedure.
    """
    found = [1.0] * len(outcomes)
    tested = [index for index, each in enumerate(outcomes) if not each.left_out]
    smallest_first = sorted(tested, key=lambda index: outcomes[index].p)
    reached = 0.0
    for rank, index in enumerate(smallest_first):
        reached = max(reached, min(1.0, (len(tested) - rank) * outcomes[index].p))
        found[index] = reached
    return [
        dataclasses.replace(each, adjusted_p=p) for each, p in zip(outcomes, found, strict=True)
    ]


def verdict(outcomes: Sequence[Outcome]) -> str:
    """Of a claim: all of its effects as claimed, some, or none.

    Not decided with too few seeds; nor where nothing is shown but the interval of some effect,
    taken alone, lies above 0: more seeds may show it.
    """
    tested = [each for each in outcomes if not each.left_out]
    if not any(each.decidable for each in tested):
        return UNDECIDED
    shown = [each.result == YES for each in tested]
    if all(shown):
        return SUPPORTED
    if any(shown):
        return DEPENDS
    hints = [each.difference is not None and each.difference.sign > 0 for each in tested]
    return UNDECIDED if any(hints) else NOT_SUPPORTED


def shown_difference(each: Outcome) -> str:
    """`+6.5 [+4.0, +9.0] points`, or why there is none."""
    if each.difference is None:
        return f"– ({each.reason})"
    factor = 100.0 if each.effect.unit == "points" else 1.0
    ends = [each.difference.mean, each.difference.low, each.difference.high]
    mean, low, high = (None if end is None else _signed(factor * end) for end in ends)
    spread = "" if low is None else f" [{low}, {high}]"
    return f"{mean}{spread} {each.effect.unit}"


def _signed(value: float) -> str:
    digits = (
        1 if abs(value) >= 1 else min(3, 1 - math.floor(math.log10(abs(value)))) if value else 1
    )
    return f"{value:+.{digits}f}".replace("-", "−")
