"""From measures to the report of the command: also of the published ones, in a second."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

from scipy import special

from chapter.claims.controls import CONTROLS, SENSITIVITY
from chapter.claims.experiment import Measured, Trial
from chapter.claims.seeds.known import known_claims, known_trials
from chapter.claims.seeds.stored import stored_trials
from chapter.claims.sentences import NOT_TESTED, Claim
from chapter.claims.verdict import (
    DESCRIBED,
    EVERY,
    FEWEST_SEEDS,
    GAIN,
    NO_VERDICT,
    OPEN,
    SOME,
    Effect,
    Outcome,
    adjusted,
    claim_p,
    false_discovery,
    outcome,
    verdict,
)
from evaluation.statistics.variance import seeds_needed

PUBLISHED = Path(__file__).parents[3] / "docs" / "claims"
# How a row of differences is written in one word: + gain, − harm, 0 excluded, ? open.
MARKS = {"gain": "+", "harm": "−", "excluded": "0", "open": "?"}

Seeds = Mapping[str, Mapping[int, Measured]]


def published() -> dict:
    """The verdicts of the published measures, judged anew; a second, and no TensorFlow.

    They are those of `python run.py claims --preset full` in docs/claims/trials. A claim is left
    out while a seed of a trial that it needs has not been published.

    Returns: see `judged`.
    Raises: InputError if a published seed is damaged, or was made by another recipe.
    """
    trials = known_trials()
    measures, missing = stored_trials(trials, list(trials), "full", 0, PUBLISHED)
    incomplete = {name for name, _, _ in missing}
    whole = {name: seeds for name, seeds in measures.items() if name not in incomplete}
    chosen = [
        claim for claim in known_claims() if all(each.trial in whole for each in claim.effects)
    ]
    return judged(chosen, whole, trials, "full")


def judged(
    chosen: Sequence[Claim], measures: Seeds, known: Mapping[str, Trial], preset: str
) -> dict:
    """The verdicts, each from the differences of its claim alone.

    Args:
      chosen: claims.
      measures: trial -> seed -> Measured, of every trial that they need.
      known: the trials, by name.
      preset: of their sizes.

    Returns: fit for JSON: "preset"; "claims": identifier -> {"places", "quantifier", "meaning",
      "verdict", "every", "some": both readings, "p", "q", "marks", "effects": as Outcome.as_json};
      "controls": a list of {"passed": None if it cannot be told, "expected", "meaning", ...} as
      Outcome.as_json; "sensitivity": in words -> identifier -> marks; "trials": name ->
      {"question", "seeds", "seeds_vary", "sizes", "cpu_seconds", "processors", "measures": seed ->
      Measures}; "not_tested": place -> why.
    """
    entries = {claim.identifier: judged_claim(claim, measures) for claim in chosen}
    tested = [entry for entry in entries.values() if entry["quantifier"] != DESCRIBED]
    if len(tested) < sum(claim.quantifier != DESCRIBED for claim in known_claims()):
        tested = []  # of a part of the claims it would be another q
    for entry, q in zip(tested, false_discovery([each["p"] for each in tested]), strict=True):
        entry["q"] = q
    return {
        "preset": preset,
        "claims": entries,
        "controls": controls(measures),
        "sensitivity": sensitivity(chosen, measures),
        "trials": {
            name: {
                "question": known[name].question,
                "seeds": list(seeds),
                "seeds_vary": known[name].varies,
                "sizes": dict(known[name].sizes[preset]),
                "cpu_seconds": sum(each.cpu_seconds for each in seeds.values()),
                "processors": sorted({each.processor for each in seeds.values()}),
                "measures": {str(seed): each.measures for seed, each in seeds.items()},
            }
            for name, seeds in measures.items()
        },
        "not_tested": NOT_TESTED,
    }


def judged_claim(claim: Claim, measures: Seeds) -> dict:
    """One claim; what else is measured in a run has no part in it."""
    found = adjusted([outcome(each, measures[each.trial]) for each in claim.effects])
    described = claim.quantifier == DESCRIBED
    readings = {name: verdict(found, name) for name in (EVERY, SOME)}
    return {
        "places": list(claim.places),
        "quantifier": claim.quantifier,
        "meaning": claim.meaning,
        "verdict": DESCRIBED if described else readings[claim.quantifier],
        **readings,
        "p": None if described else claim_p(found, claim.quantifier),
        "q": None,
        "marks": marks([each.as_json() for each in found]),
        "effects": [{**each.as_json(), **power(each)} for each in found],
    }


def power(found: Outcome, chance: float = 0.8) -> dict:
    """What could have been shown in the first step of Holm's method, the spread being as it is.

    Returns: "shown_from": the true difference that is shown with this chance; "seeds_for_delta":
      how many seeds would show the one that just matters. None where it cannot be said.
    """
    estimate = found.estimate
    if estimate is None or not estimate.error:
        return {"shown_from": None, "seeds_for_delta": None}
    steps = special.stdtrit(estimate.df, [chance, 0.025 / found.tests])
    return {
        "shown_from": float(steps[0] - steps[1]) * estimate.error,
        "seeds_for_delta": seeds_needed(estimate, found.effect.smallest.delta, found.tests, chance),
    }


def controls(measures: Seeds) -> list[dict]:
    """The differences whose answer is known, those of one trial a family."""
    found = []
    for trial in dict.fromkeys(each.effect.trial for each in CONTROLS):
        family = [each for each in CONTROLS if each.effect.trial == trial]
        if trial not in measures:
            continue
        outcomes = adjusted([outcome(each.effect, measures[trial]) for each in family])
        for control, each in zip(family, outcomes, strict=True):
            passed = None  # not to be told
            if not each.left_out and each.seeds >= FEWEST_SEEDS:
                if control.gain:
                    passed = each.result == GAIN
                else:
                    passed = {GAIN: False, OPEN: None}.get(each.result, True)
            expected = "a gain" if control.gain else "no gain"
            found.append(
                {
                    "passed": passed,
                    "expected": expected,
                    "meaning": control.meaning,
                    **each.as_json(),
                }
            )
    return found


def sensitivity(chosen: Sequence[Claim], measures: Seeds) -> dict[str, dict[str, str]]:
    """The same differences with other judges, data or choices, as marks; see SENSITIVITY."""
    found = {}
    for words, trials, names in SENSITIVITY:
        if not set(trials.values()) <= set(measures):
            continue
        rows = {}
        for claim in chosen:
            effects = [
                _asked_elsewhere(each, trials, names)
                for each in claim.effects
                if each.trial in trials and each.measure in names
            ]
            if effects:
                outcomes = adjusted([outcome(each, measures[each.trial]) for each in effects])
                if all(each.estimate is None for each in outcomes):
                    continue  # it is not measured at this preset
                rows[claim.identifier] = marks([each.as_json() for each in outcomes])
        if rows:
            found[words] = rows
    return found


def _asked_elsewhere(effect: Effect, trials: Mapping, names: Mapping) -> Effect:
    return dataclasses.replace(effect, trial=trials[effect.trial], measure=names[effect.measure])


def marks(effects: Sequence[Mapping]) -> str:
    """A sign for each difference, a space between trials: `++? 0−`; · where it was not measured."""
    groups: dict[str, str] = {}
    for each in effects:
        sign = "·" if each["left_out"] else MARKS[each["result"]]
        groups[each["trial"]] = groups.get(each["trial"], "") + sign
    return " ".join(groups.values())


def because(entry: Mapping) -> str:
    """Why a claim has its verdict, in a sentence.

    Args:
      entry: of a claim, as `judged` gives it.
    """
    tested = [each for each in entry["effects"] if not each["left_out"]]
    if not tested:
        return "Nothing of it is measured at this preset."
    if entry["quantifier"] == DESCRIBED:
        return "Seconds are described, not tested."
    seeds = max(each["seeds"] for each in tested)
    if entry["verdict"] == NO_VERDICT:
        return f"{seeds} seeds give an interval and no verdict."
    counts = {name: [each["result"] for each in tested].count(name) for name in MARKS}
    told = {
        "gain": "as claimed",
        "harm": "the opposite",
        "excluded": "too small to matter",
        "open": "open",
    }
    parts = [f"{count} {told[name]}" for name, count in counts.items() if count]
    what = f"{len(tested)} difference{'s' * (len(tested) > 1)}"
    return f"Of {what} {', '.join(parts)}{_decided_by(tested)}."


def _decided_by(tested: Sequence[Mapping]) -> str:
    """How many repetitions would show a difference that just matters, where some are open."""
    undecided = [
        each for each in tested if each["result"] == OPEN and each["difference"] is not None
    ]
    if not undecided:
        return ""
    needed = [each["needed"] for each in undecided]
    if not all(needed):
        return "; more seeds alone may not decide all of the open ones"
    return f"; the open ones would need up to {max(needed):,} seeds"
