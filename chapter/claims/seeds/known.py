"""All trials and all claims, those included that somebody has added a file for."""

import importlib
import pkgutil
from types import ModuleType

from chapter.claims import designs
from chapter.claims.experiment import Trial
from chapter.claims.sentences import CLAIMS, Claim


def known_trials() -> dict[str, Trial]:
    """Those of every file in designs/, by name."""
    return {name: trial for module in _files() for name, trial in module.TRIALS.items()}


def known_claims() -> tuple[Claim, ...]:
    """The chapter's sentences, then those that files in designs/ bring."""
    return (*CLAIMS, *(claim for module in _files() for claim in getattr(module, "CLAIMS", ())))


def _files() -> list[ModuleType]:
    names = sorted(each.name for each in pkgutil.iter_modules(designs.__path__))
    return [importlib.import_module(f"{designs.__name__}.{name}") for name in names]
