"""From the differences of two arms to a verdict that no lucky seed, and no wide interval, can give.

The family of a test is its claim: what else is measured in a run changes nothing. A difference is a
gain, a harm, too small to matter ("excluded"), or open; a wide interval is always open. The rule in
words, with the reason for each number, stands in registration.md.
"""

import dataclasses
import math
from collections.abc import Mapping, Sequence

import numpy as np

from chapter.claims.experiment import Measured
from evaluation.statistics.variance import (
    Estimate,
    crossed,
    over_seeds,
    over_units,
    resampled,
    seeds_needed,
)

ALPHA = 0.05
FEWEST_SEEDS = 5  # with fewer there is an interval and no verdict
GAIN, HARM, EXCLUDED, OPEN = "gain", "harm", "excluded", "open"
EVERY, SOME, DESCRIBED = "every", "some", "described"
SUPPORTED, REFUTED, DEPENDS, IN_PART = "supported", "refuted", "depends", "in part"
NO_VERDICT = "no verdict"


@dataclasses.dataclass(frozen=True)
class Smallest:
    """The smallest difference that matters.

    delta: above 0; unit: what the numbers are ("points": shares, shown times 100); reason: why not
    a smaller or a larger one.
    """

    delta: float
    unit: str
    reason: str


@dataclasses.dataclass(frozen=True)
class Effect:
    """A difference that is above 0 if the claim holds: `better` - `worse`.

    Args:
      trial: its name.
      better, worse: arms; for a measure of which less is better, `better` is the one that the claim
        says has more of it, or `lower` is True.
      measure: of both arms.
      smallest: what matters.
      lower: less of the measure is meant to be better, so `worse` - `better` is taken.
    """

    trial: str
    better: str
    worse: str
    measure: str
    smallest: Smallest
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
      estimate: mean difference and its standard error; None without an answer.
      seeds: how many have a value.
      reason: why there is no answer, or how many seeds have none; else empty.
      left_out: an arm of it is not part of the trial at this preset: it is no test.
      tests: of its claim, among which 5 % are divided.
      adjusted_p: by Holm's method over these; 1 before `adjusted`.
    """

    effect: Effect
    estimate: Estimate | None
    seeds: int = 0
    reason: str = ""
    left_out: bool = False
    tests: int = 1
    adjusted_p: float = 1.0

    @property
    def result(self) -> str:
        """GAIN, HARM, EXCLUDED or OPEN."""
        if self.estimate is None:
            return OPEN
        if self.adjusted_p < ALPHA:
            return GAIN if self.estimate.mean > 0 else HARM
        highest = self.estimate.upper(ALPHA / self.tests)
        return EXCLUDED if highest < self.effect.smallest.delta else OPEN

    @property
    def small(self) -> bool:
        """A gain that is shown, and shown to be too small to matter."""
        highest = self.estimate.upper(ALPHA / self.tests) if self.estimate else math.inf
        return self.result == GAIN and highest < self.effect.smallest.delta

    def as_json(self) -> dict:
        """Fit for JSON; "low" and "high": 95 %, of this difference alone, None without a spread."""
        found = None
        if self.estimate is not None:
            mean, half = self.estimate.mean, self.estimate.half(1 - ALPHA)
            ends = (None, None) if math.isinf(half) else (mean - half, mean + half)
            found = {"mean": mean, "low": ends[0], "high": ends[1], "over": self.estimate.over}
        smallest = self.effect.smallest
        needed = None
        if self.result == OPEN and self.estimate is not None:
            needed = seeds_needed(self.estimate, smallest.delta, self.tests)
        return {
            **dataclasses.asdict(self.effect),
            "name": self.effect.name,
            "difference": found,
            "seeds": self.seeds,
            "p": 1.0 if self.estimate is None else self.estimate.p,
            "adjusted_p": self.adjusted_p,
            "result": self.result,
            "small": self.small,
            "needed": needed,
            "reason": self.reason,
            "left_out": self.left_out,
            "shown": shown_difference(self),
        }


def outcome(effect: Effect, seeds: Mapping[int, Measured]) -> Outcome:
    """The effect over the seeds of its trial, not yet adjusted.

    A seed in which one of the two could not be computed is left out, and the reason says so. Where
    the trial has kept what each test image or patient adds to the measure, the error holds these.
    """
    sides = (effect.better, effect.worse)
    for arm in sides:
        if not any(arm in each.measures for each in seeds.values()):
            return Outcome(effect, None, reason=f"no {arm} at this preset", left_out=True)
    sign = -1 if effect.lower else 1
    usable = [
        each
        for each in seeds.values()
        if None not in [each.measures.get(arm, {}).get(effect.measure) for arm in sides]
    ]
    lost = len(seeds) - len(usable)
    reason = f"no value in {lost} of {len(seeds)} seeds" if lost else ""
    if not usable:
        return Outcome(effect, None, reason=reason or "no seed was measured")

    def differences(kind: str) -> list:
        better, worse = (
            [getattr(each, kind)[arm][effect.measure] for each in usable] for arm in sides
        )
        return [sign * (a - b) for a, b in zip(better, worse, strict=True)]

    first = usable[0]
    if any(effect.measure not in each.rows.get(arm, {}) for each in usable for arm in sides):
        estimate = over_seeds(differences("measures"))
        if first.units is not None:  # splits of the same patients are no independent seeds
            estimate = resampled(differences("measures"), first.training, len(first.units))
    elif first.units is None:
        estimate = crossed(np.stack(differences("rows")))
    else:
        estimate = over_units(differences("rows"), [each.units for each in usable])
    return Outcome(effect, estimate, len(usable), reason)


def adjusted(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The differences of one claim, with p adjusted over them.

    The chance to call any one of them shown that is not there is at most 5 %, whatever depends on
    what. What was left out is no test and does not count.

    Reference: Holm 1979, A simple sequentially rejective multiple test procedure.
    """
    found = [1.0] * len(outcomes)
    tested = [index for index, each in enumerate(outcomes) if not each.left_out]
    p = [1.0 if each.estimate is None else each.estimate.p for each in outcomes]
    reached = 0.0
    for rank, index in enumerate(sorted(tested, key=p.__getitem__)):
        reached = max(reached, min(1.0, (len(tested) - rank) * p[index]))
        found[index] = reached
    return [
        dataclasses.replace(each, adjusted_p=value, tests=max(1, len(tested)))
        for each, value in zip(outcomes, found, strict=True)
    ]


def verdict(outcomes: Sequence[Outcome], quantifier: str) -> str:
    """Of a claim, from its adjusted differences.

    Args:
      quantifier: EVERY: all of them have to be gains; SOME: one is enough.
    """
    tested = [each for each in outcomes if not each.left_out]
    if not tested or max(each.seeds for each in tested) < FEWEST_SEEDS:
        return NO_VERDICT
    results = [each.result if each.seeds >= FEWEST_SEEDS else OPEN for each in tested]
    gains = results.count(GAIN)
    against = results.count(HARM) + results.count(EXCLUDED)
    if against == len(results):
        return REFUTED
    if quantifier == SOME:
        return SUPPORTED if gains else OPEN
    if gains == len(results):
        return SUPPORTED
    if gains and against:
        return DEPENDS
    return IN_PART if gains else OPEN


def claim_p(outcomes: Sequence[Outcome], quantifier: str) -> float:
    """One p for a claim: the largest one-sided one (EVERY), or the smallest adjusted (SOME).

    Reference: Berger 1982, Multiparameter hypothesis testing (intersection-union), for EVERY.
    """
    tested = [each for each in outcomes if not each.left_out]
    if quantifier != SOME and any(each.estimate is None for each in tested):
        return 1.0
    tested = [each for each in tested if each.estimate is not None]
    if not tested:
        return 1.0
    if quantifier == SOME:
        return min(each.adjusted_p if each.estimate.mean > 0 else 1.0 for each in tested)
    halves = [each.estimate.p / 2 for each in tested]
    return max(
        half if each.estimate.mean > 0 else 1 - half
        for half, each in zip(halves, tested, strict=True)
    )


def false_discovery(p_values: Sequence[float]) -> list[float]:
    """q values over claims: to inform, no verdict rests on them.

    Reference: Benjamini and Hochberg 1995, Controlling the false discovery rate.
    """
    p = np.asarray(p_values, np.float64)
    order = np.argsort(-p, kind="stable")  # the largest first
    scaled = p[order] * len(p) / np.arange(len(p), 0, -1)
    found = np.empty(len(p))
    found[order] = np.minimum.accumulate(np.minimum(scaled, 1.0))
    return found.tolist()


def shown_difference(each: Outcome) -> str:
    """`+6.5 [+4.0, +9.0] points`, or why there is none."""
    if each.estimate is None:
        return f"– ({each.reason})"
    unit = each.effect.smallest.unit
    factor = 100.0 if unit == "points" else 1.0
    mean, half = each.estimate.mean, each.estimate.half(1 - ALPHA)
    ends = "" if math.isinf(half) else f" [{signed(factor * (mean - half))}, "
    ends += f"{signed(factor * (mean + half))}]" if ends else ""
    return f"{signed(factor * mean)}{ends} {unit}"


def signed(value: float) -> str:
    """`+6.5`, `−0.042`: two digits that count, at most three behind the point."""
    digits = (
        1 if abs(value) >= 1 else min(3, 1 - math.floor(math.log10(abs(value)))) if value else 1
    )
    return f"{value:+.{digits}f}".replace("-", "−")
