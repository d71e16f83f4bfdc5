"""From measures to the report of the command: also of the published ones, in a second."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from chapter.claims.experiment import Measures, Trial, stored_trials
from chapter.claims.known import known_claims, known_trials
from chapter.claims.sentences import NOT_TESTED, Claim
from chapter.claims.verdict import Outcome, adjusted, outcome, shown_difference, verdict
from foundation.errors import InputError

PUBLISHED = Path(__file__).parents[2] / "docs" / "claims"


def published() -> dict:
    """The verdicts of the published measures, judged anew; a second, and no TensorFlow.

    They are those of `python run.py claims --preset full` in docs/claims/trials. A claim is left
    out if a trial of it has not been published.

    Returns: see `judged`.
    Raises: InputError if a seed of a published trial is missing, or damaged, or of other sizes.
    """
    trials = known_trials()
    names = [name for name in trials if (PUBLISHED / "trials" / name).is_dir()]
    measures, missing = stored_trials(trials, names, "full", 0, PUBLISHED)
    if missing:
        raise InputError(
            f"{missing[0][2]} is missing",
            "every seed of a published trial",
            f"measure it: python run.py claims --preset full --resume --out {PUBLISHED}",
        )
    chosen = [
        claim for claim in known_claims() if all(each.trial in names for each in claim.effects)
    ]
    return judged(chosen, measures, trials, "full")


def judged(
    chosen: Sequence[Claim],
    measures: Mapping[str, Mapping[int, Measures]],
    known: Mapping[str, Trial],
    preset: str,
) -> dict:
    """The verdicts; p values are adjusted over all effects of all chosen claims together.

    Args:
      chosen: claims.
      measures: trial -> seed -> Measures, of every trial that they need.
      known: the trials, by name.
      preset: of their sizes.

    Returns: fit for JSON: "preset", "effects": how many were tested, "claims": identifier ->
      {"places", "meaning", "verdict", "effects": as Outcome.as_json}, "trials": name ->
      {"question", "seeds", "seeds_vary", "sizes", "measures": seed -> Measures}, "not_tested":
      place -> why.
    """
    found = [outcome(effect, measures[effect.trial]) for c in chosen for effect in c.effects]
    remaining = iter(adjusted(found))
    entries = {}
    for claim in chosen:
        outcomes = [next(remaining) for _ in claim.effects]
        entries[claim.identifier] = {
            "places": list(claim.places),
            "meaning": claim.meaning,
            "verdict": verdict(outcomes),
            "effects": [_entry(each) for each in outcomes],
        }
    trials = {
        name: {
            "question": known[name].question,
            "seeds": list(seeds),
            "seeds_vary": known[name].varies,
            "sizes": dict(known[name].sizes[preset]),
            "measures": {str(seed): values for seed, values in seeds.items()},
        }
        for name, seeds in measures.items()
    }
    return {
        "preset": preset,
        "effects": sum(not each.left_out for each in found),
        "claims": entries,
        "trials": trials,
        "not_tested": NOT_TESTED,
    }


def _entry(each: Outcome) -> dict:
    return {"name": each.effect.name, **each.as_json(), "shown": shown_difference(each)}
