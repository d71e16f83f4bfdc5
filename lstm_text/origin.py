"""`text train --from RUN`: a model goes on learning, on a text that may have new characters."""

import numpy as np

from data.texts.vocabulary import Vocabulary
from foundation.errors import InputError
from lstm_text.config import TextSettings
from lstm_text.step import TextTrainer
from training.run_directory import read_config
from training.stored import load_run


def origin_of(settings: TextSettings) -> dict | None:
    """What config.json says of the model that a run starts with: {"run", "sha256", "vocabulary"}.

    A run that is resumed finds it in its own config.json, so that RUN may be gone meanwhile.

    Returns: None without --from.
    Raises: InputError if RUN is no run of text, or its model is missing or damaged.
    """
    if settings.from_ is None:
        return None
    if settings.resume:
        return read_config(settings.out, "text").get("from")
    stored = load_run(settings.from_, "text")
    vocabulary = stored.generator.vocabulary.to_json()
    return {"run": settings.from_, "sha256": stored.description["sha256"], "vocabulary": vocabulary}


def start_from(origin: dict, trainer: TextTrainer, vocabulary: Vocabulary) -> None:
    """Give a trainer the weights of the run that `origin_of` described.

    Raises: InputError if the run has another model now.
    """
    stored = load_run(origin["run"], "text")
    if stored.description["sha256"] != origin["sha256"]:
        raise InputError(
            f"RUN {origin['run']}, whose model has changed since the run began",
            f"a model with SHA-256 {origin['sha256'][:16]}...",
            "start a new run in another --out",
        )
    old = stored.generator
    weights = grown(old.model.get_weights(), old.vocabulary, vocabulary)
    for model in filter(None, (trainer.model, trainer.average_model)):
        model.set_weights(weights)


def grown(weights: list[np.ndarray], old: Vocabulary, new: Vocabulary) -> list[np.ndarray]:
    """The weights of a CharacterModel for a larger vocabulary.

    A new character starts as the unknown one: with its vector, and as improbable.
    """
    rows = np.append(Vocabulary.UNKNOWN, old.encode("".join(new.characters)))  # (new codes,)
    embedding, *layers, kernel, bias = weights
    return [embedding[rows], *layers, kernel[:, rows], bias[rows]]
