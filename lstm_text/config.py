"""What can be chosen about the chapter's character LSTM. Defaults train in minutes on two cores."""

import dataclasses
import os
from typing import ClassVar

from data.config import OfText
from data.kinds import TEXT, TEXT_HELP, parse
from foundation.errors import InputError
from foundation.settings import Seeded, Silenced, flag_name, setting
from training.config import TrainSettings

SMOKE = {
    "epochs": 2,
    "units": 32,
    "embedding_dim": 16,
    "batch_size": 8,
    "sequence_length": 32,
    "max_characters": 20_000,
    "least_steps": 100,
}
QUICK = {"max_characters": 1_200_000}
# Chosen on validation text; docs/results.md says what was tried.
FULL = {
    "units": 512,
    "epochs": 10,
    "learning_rate": 4e-3,
    "weight_decay": 0.1,
    "dropout": 0.3,
    "weight_average": 0.999,
    "state_reset": 0.02,
    "calibrate": True,
}
MODEL_SIZES = ("embedding_dim", "units", "layers")  # of CharacterModel, in order


@dataclasses.dataclass(frozen=True)
class TextSettings(TrainSettings, OfText):
    """Train the chapter's stacked LSTM."""

    presets: ClassVar = {"smoke": SMOKE, "quick": QUICK, "full": FULL}
    epochs: int = setting(4, "passes over the text, in total, also with --resume", minimum=1)
    batch_size: int = setting(
        32, "streams read side by side, their state carried; see --least-steps", minimum=1
    )
    least_steps: int = setting(
        400, "fewer streams are read if a text is too short for N steps in all", minimum=1
    )
    data: str = setting("shakespeare", TEXT_HELP)
    from_: str | None = setting(
        None, "a run of `text train`: start with its model, of its sizes, instead of a random one"
    )
    embedding_dim: int = setting(64, "size of a character's vector", minimum=1)
    units: int = setting(256, "cells of each LSTM layer; full: 512", minimum=1)
    layers: int = setting(2, "LSTM layers, one upon the other", minimum=1, maximum=8)
    dropout: float = setting(
        0.0, "share dropped before each layer and the output; full: 0.3", minimum=0.0, maximum=0.9
    )
    state_reset: float = setting(  # so that it learns how texts begin
        0.0, "share of streams that forget, each step; full: 0.02", minimum=0.0, maximum=1.0
    )
    sequence_length: int = setting(64, "characters a step: how far a gradient reaches", minimum=2)
    learning_rate: float = setting(5e-3, "AdamW's highest step size; full: 4e-3", minimum=0.0)
    warmup_steps: int = setting(100, "steps over which the step size rises from 0", minimum=0)
    decay_epochs: int | None = setting(
        None,
        "epochs until the step size is down to 1 %, where it stays; default: the first --epochs",
        minimum=1,
    )
    weight_decay: float = setting(0.01, "AdamW's pull towards 0; full: 0.1", minimum=0.0)
    gradient_clip: float = setting(1.0, "largest norm of a gradient; 0: no limit", minimum=0.0)
    weight_average: float = setting(
        0.0, "decay of the averaged weights; 0: none; full: 0.999", minimum=0.0, maximum=0.99999
    )
    calibrate: bool = setting(
        False, "scale the saved model's logits so that validation text is predicted best; full: yes"
    )

    def __post_init__(self):
        super().__post_init__()
        parse(self.data, TEXT)  # here, before TensorFlow is imported

    @property
    def model_sizes(self) -> list[int]:
        """What CharacterModel takes after the size of the vocabulary."""
        return [getattr(self, name) for name in MODEL_SIZES]

    @classmethod
    def resolve(cls, given: dict) -> "TextSettings":
        """As TrainSettings.resolve; the end of the cosine is fixed when the run starts.

        So a longer --epochs with --resume does not rewrite the rates of the epochs that are done.

        Raises: InputError also if the run of --from is none, or a flag contradicts its sizes.
        """
        if given.get("from_"):
            given = {**given, "from_": os.path.abspath(os.path.expanduser(given["from_"]))}
            if not given.get("resume"):
                given = {**given, **_sizes_of(given["from_"], given)}
        settings = super().resolve(given)
        if settings.decay_epochs is None:
            settings = dataclasses.replace(settings, decay_epochs=settings.epochs)
        return settings


def _sizes_of(run: str, given: dict) -> dict:
    """The sizes of a run's model; InputError if other ones are given."""
    from training.run_directory import read_config  # NumPy, which --help does without
    from training.stored import read_description

    read_config(run, "text")
    description = read_description(run)
    sizes = {name: description.get(name) for name in MODEL_SIZES}
    for name, size in sizes.items():
        if given.get(name, size) != size:
            flag = flag_name(name)
            raise InputError(
                f"{flag} {given[name]} with --from {run}", f"{size}, as it has", f"leave {flag} out"
            )
    return sizes


@dataclasses.dataclass(frozen=True)
class GenerateSettings(Silenced, Seeded):
    """Write new text from a trained run."""

    run: str = setting(dataclasses.MISSING, "directory of a training", positional=True)
    length: int = setting(500, "characters to write after the prime text, each stream", minimum=1)
    prime: str | None = setting(None, "text to go on from; default: a line break")
    temperature: float = setting(
        0.8, "0: always the likeliest character; 1: as learned; more: wilder", minimum=0.0
    )
    top_k: int | None = setting(None, "choose among the K likeliest characters", minimum=1)
    top_p: float | None = setting(
        None,
        "choose among the likeliest that hold this share of probability",
        minimum=1e-6,
        maximum=1.0,
    )
    streams: int = setting(1, "independent texts", minimum=1)
    stop: str | None = setting(None, "end a stream before the first occurrence of this text")
    out: str | None = setting(
        None, "new directory for one .txt a stream and manifest.csv; default: to the screen"
    )
