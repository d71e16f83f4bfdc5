"""`claims`: what the chapter says of synthetic data, tested (1, 3.3, 6, 8.2, Q3, Q5, Q6)."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from chapter.claims.config import ClaimsSettings
from chapter.claims.report.figure import effects_figure
from chapter.claims.report.judged import judged
from chapter.claims.report.markdown import claims_markdown, trials_markdown
from chapter.claims.seeds.known import known_claims, known_trials
from chapter.claims.seeds.measuring import run_trials
from chapter.claims.sentences import Claim
from foundation.errors import InputError
from foundation.files import claim_directory, new_directory, write_json, write_text
from foundation.pictures import save_figure


def claims(settings: ClaimsSettings) -> dict:
    """Run the trials, judge the claims, write OUT/claims.json, claims.md, trials.md and claims.png.

    Returns: see `chapter.claims.report.judged.judged`, and "out".
    Raises: InputError for an unknown claim, or an OUT that is neither new nor of this command.
    """
    chosen, trials = chosen_claims(settings.only), known_trials()
    out = directory(settings)
    needed = list(trials) if settings.only is None else trials_of(chosen, trials)
    measures = run_trials(trials, needed, settings.preset, settings.seed, out, settings.quiet)
    report = judged(chosen, measures, trials, settings.preset)
    write_json(out / "claims.json", report)
    write_text(out / "claims.md", claims_markdown(report))
    write_text(out / "trials.md", trials_markdown(report["trials"]))
    save_figure(effects_figure(report), out / "claims.png")
    if not settings.quiet:
        print(claims_markdown(report))
        print(
            f"written: {out} (claims.md; claims.png; trials.md, what each arm has reached; "
            "claims.json; every seed in trials/)"
        )
    return {**report, "out": str(out)}


def chosen_claims(only: str | None) -> tuple[Claim, ...]:
    """All claims, or the ones named: "C2,C7".

    Raises: InputError for an identifier that there is not.
    """
    claims = known_claims()
    if only is None:
        return claims
    known = [claim.identifier for claim in claims]
    names = [name.strip() for name in only.split(",")]
    for name in names:
        if name not in known:
            raise InputError(f"--only {only}", f"some of {', '.join(known)}", "choose from these")
    return tuple(claim for claim in claims if claim.identifier in names)


def directory(settings: ClaimsSettings) -> Path:
    """OUT, made where it is new.

    Raises: InputError if it holds something and --resume is not given, or if --resume has no OUT.
    """
    if not settings.resume:
        return claim_directory(settings.out) if settings.out else new_directory("outputs", "claims")
    if settings.out is None or not (Path(settings.out) / "trials").is_dir():
        raise InputError(
            f"--resume with --out {settings.out}", "a directory that `claims` wrote", "name it"
        )
    return Path(settings.out)


def trials_of(chosen: Sequence[Claim], known: Iterable[str]) -> list[str]:
    """Names of the trials that the claims need, in the order of the known ones."""
    needed = {effect.trial for claim in chosen for effect in claim.effects}
    return [name for name in known if name in needed]
