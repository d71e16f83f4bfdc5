"""A fitted baseline read back, whichever of the registry it is."""

import numpy as np

from baselines.registry import BASELINES, generator_class
from training.generator import Generator


def restore(description: dict, arrays: dict[str, np.ndarray]) -> Generator:
    """The generator that RUN/model describes; see training.stored.load_run.

    Raises: KeyError, ValueError, TypeError or InputError if they are no such model.
    """
    model, kind = description["model"], description["kind"]
    if kind not in BASELINES[model].generators:
        raise ValueError(f"a {model} of {kind}")
    return generator_class(model, kind).restore(description, arrays)
