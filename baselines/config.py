"""What can be chosen about the baselines: one class of flags, of which each model takes some."""

import dataclasses

from baselines.registry import BASELINES, IMAGES, SERIES, TABLE, TEXT, kind_of
from data.kinds import (
    ENCODING_HELP,
    IMAGE_SIZE_HELP,
    LARGEST_IMAGE_SIZE,
    SMALLEST_IMAGE_SIZE,
    TEXT_SPLITS,
)
from foundation.errors import InputError
from foundation.settings import LARGEST_SEED, PRESETS, Settings, flag_name, setting
from training.config import TrainSettings

FORMATS = ("npz", "png", "tfrecord")
COVARIANCES = ("full", "diagonal")

# Flags of every model, of every model fitted in epochs, of a kind of data, of one model, and of one
# model on one kind of data.
SHARED = {"model", "data", "out", "preset", "seed", "quiet"}
OF_EPOCHS = {"epochs", "resume"}
OF_KIND = {
    IMAGES: {"image_size", "max_images"},
    TEXT: {"encoding", "split", "max_characters"},
    SERIES: set(),
    TABLE: {"target", "features"},
}
OF_MODEL = {
    "gmm": {
        "per_class",
        "components",
        "max_components",
        "covariance",
        "covariance_floor",
        "tolerance",
    },
    ("gmm", IMAGES): {"pca_dims"},
    "hmm": {"batch_size", "states", "smoothing", "tolerance"},
    ("hmm", TEXT): {"sequence_length"},
    ("hmm", SERIES): {"covariance_floor"},
    "vae": {"batch_size", "latent_dim", "units", "prior_components", "learning_rate"},
    "ngram": {"context"},
    "interpolation": {"neighbours"},
    ("interpolation", IMAGES): {"latent"},
    "inverse_transform": {"per_class", "copula"},
    ("inverse_transform", IMAGES): {"pca_dims"},
    "regression": set(),
}
# (model, preset) or (model, kind, preset): what the preset sets; the second over the first.
PRESET_VALUES = {
    ("gmm", "smoke"): {"epochs": 3, "max_components": 2},
    ("gmm", IMAGES, "smoke"): {"max_images": 512, "pca_dims": 16},
    ("gmm", "quick"): {"epochs": 30, "tolerance": 1e-2},
    ("gmm", "full"): {"epochs": 200, "tolerance": 1e-4},
    ("gmm", IMAGES, "quick"): {"pca_dims": 100, "max_components": 16},
    ("gmm", IMAGES, "full"): {"pca_dims": 150},
    ("hmm", "smoke"): {"epochs": 2, "states": 8, "batch_size": 32},
    ("hmm", TEXT, "smoke"): {"max_characters": 20_000, "sequence_length": 64},
    ("hmm", "quick"): {"epochs": 40, "batch_size": 512, "tolerance": 1e-4},
    ("hmm", TEXT, "quick"): {"max_characters": 1_200_000},
    ("hmm", "full"): {"epochs": 60, "states": 128, "batch_size": 512, "tolerance": 1e-5},
    ("vae", "smoke"): {"epochs": 2, "max_images": 512, "batch_size": 64},
    ("vae", "full"): {"epochs": 100},
    ("ngram", "smoke"): {"max_characters": 20_000, "context": 4},
    ("ngram", "quick"): {"max_characters": 1_200_000},
    ("interpolation", IMAGES, "smoke"): {"max_images": 512},
    ("inverse_transform", IMAGES, "smoke"): {"max_images": 512},
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class BaselineSettings(TrainSettings):
    """Settings of `baseline train`."""

    model: str = setting(
        dataclasses.MISSING,
        "; ".join(f"{name}: {baseline.description}" for name, baseline in BASELINES.items()),
        choices=tuple(BASELINES),
        positional=True,
    )
    data: str | None = setting(
        None,
        "what `data list` names, or csv:PATH; default: "
        + "; ".join(f"{name}: {baseline.data}" for name, baseline in BASELINES.items()),
    )
    epochs: int = setting(
        20,
        "gmm, hmm: iterations of EM; vae: passes over the data; in total, also with --resume",
        minimum=1,
    )
    batch_size: int = setting(256, "vae: images a step; hmm: streams read side by side", minimum=1)
    # images
    image_size: int | None = setting(
        None, IMAGE_SIZE_HELP, minimum=SMALLEST_IMAGE_SIZE, maximum=LARGEST_IMAGE_SIZE
    )
    max_images: int | None = setting(None, "use at most N images of each split", minimum=2)
    # text
    encoding: str = setting("utf-8", ENCODING_HELP)
    split: str = setting(
        "contiguous",
        "contiguous: first 90 % train, the rest is held out; interleaved: char-rnn's columns",
        choices=TEXT_SPLITS,
    )
    max_characters: int | None = setting(
        None, "use at most the first N characters; quick: 1,200,000", minimum=100
    )
    # tables
    target: str | None = setting(None, "tables: the column to be predicted, with the classes")
    features: int | None = setting(
        None, "tables: keep the N columns that tell most of the target", minimum=1
    )
    # gmm, hmm, inverse_transform
    per_class: bool = setting(
        True, "gmm, inverse_transform: one model for each class, if the data have labels"
    )
    pca_dims: int = setting(
        64,
        "gmm, inverse_transform: principal components that an image is reduced to; gmm: 100",
        minimum=1,
    )
    covariance_floor: float = setting(
        1e-3,
        "gmm, hmm: added to every variance; images are scaled to [0, 1], columns to variance 1",
        minimum=1e-9,
    )
    tolerance: float = setting(
        1e-3,
        "gmm, hmm: stop when an iteration gains fewer nats an image, row, character or step",
        minimum=0.0,
    )
    # gmm
    components: int | None = setting(
        None, "Gaussians of a mixture; default: chosen by validation likelihood", minimum=1
    )
    max_components: int = setting(32, "the choice is among 1, 2, 4, 8, ... up to N", minimum=1)
    covariance: str = setting("full", "of each Gaussian", choices=COVARIANCES)
    # hmm
    states: int = setting(64, "hidden states", minimum=1, maximum=1000)
    sequence_length: int = setting(
        256, "characters of each stream; a stream knows nothing of the one before", minimum=2
    )
    smoothing: float = setting(
        0.01, "added to every expected count, so that nothing is impossible", minimum=1e-9
    )
    # vae
    latent_dim: int = setting(16, "size of the code z", minimum=1)
    units: int = setting(256, "width of the hidden layers", minimum=1)
    prior_components: int = setting(
        100,
        "Gaussians of the prior of each class, at most one for 50 images; 0: a standard normal",
        minimum=0,
    )
    learning_rate: float = setting(1e-3, "Adam's step size", minimum=0.0)
    # ngram
    context: int = setting(6, "characters before a character that are looked at", minimum=0)
    # interpolation
    neighbours: int = setting(5, "nearest samples of its class a sample may move to", minimum=1)
    latent: str | None = setting(
        None, "interpolation: run of a VAE, to move between its codes instead of between pixels"
    )
    # inverse_transform
    copula: bool = setting(True, "a Gaussian copula; without: every column on its own")

    @property
    def kind(self) -> str:
        """What the data are read as: "images", "text", "series" or "table"."""
        return kind_of(self.model, self.data)

    @classmethod
    def preset_values(cls, preset: str, given: dict) -> dict:
        model = given["model"]
        data = given.get("data") or BASELINES[model].data
        values = {"data": data, **PRESET_VALUES.get((model, preset), {})}
        return values | PRESET_VALUES.get((model, kind_of(model, data), preset), {})

    @classmethod
    def resolve(cls, given: dict) -> "BaselineSettings":
        """As TrainSettings.resolve.

        Raises: InputError also for a flag that the model, or its kind of data, does not have.
        """
        model = given["model"]
        if model not in BASELINES:
            raise InputError(f"MODEL {model}", f"one of {', '.join(BASELINES)}", "choose one")
        settings = super().resolve(given)
        legal = SHARED | OF_KIND[settings.kind] | OF_MODEL[model]
        legal |= OF_MODEL.get((model, settings.kind), set())
        if settings.kind in BASELINES[model].learners:
            legal |= OF_EPOCHS
        for name in given:
            if name not in legal:
                flags = ", ".join(map(flag_name, sorted(legal - {"model"})))
                raise InputError(
                    f"{flag_name(name)} with {model} on {settings.data}",
                    f"a flag that it takes: {flags}",
                    f"leave {flag_name(name)} out",
                )
        return settings


@dataclasses.dataclass(frozen=True)
class GenerateSettings(Settings):
    """Settings of `baseline generate`. None: not given; what a kind of data does not take is
    refused when the run is known."""

    run: str = setting(dataclasses.MISSING, "directory of a fitted baseline", positional=True)
    out: str | None = setting(
        None, "output directory; default: a new one under outputs/ (text: to the screen)"
    )
    seed: int = setting(0, "seed of the draws", minimum=0, maximum=LARGEST_SEED)
    quiet: bool = setting(False, "no progress bar")
    count: int | None = setting(None, "images or rows of a table; default: 100", minimum=1)
    label: int | None = setting(None, "class of all samples (models with labels)", minimum=0)
    balanced: bool = setting(
        False,
        "every class equally often (models with labels); the default, but for tables, whose "
        "classes are as frequent as in the training rows",
    )
    format: str | None = setting(None, "file format of images; default: npz", choices=FORMATS)
    batch_size: int = setting(1000, "samples held in memory at once; changes no sample", minimum=1)
    shard_size: int = setting(10_000, "images a file (npz, tfrecord)", minimum=1)
    length: int | None = setting(
        None, "characters or steps of each stream; default: 500", minimum=1
    )
    streams: int | None = setting(None, "independent texts or series; default: 1", minimum=1)
    prime: str | None = setting(None, "text to go on from")
    temperature: float | None = setting(
        None, "of text; 1: as learnt, the default; less: tamer", minimum=0.01
    )

    def __post_init__(self):
        super().__post_init__()
        if self.balanced and self.label is not None:
            raise InputError(
                f"--balanced with --label {self.label}", "one of the two", "leave one out"
            )
        if self.prime == "":
            raise InputError("--prime ''", "at least one character", "leave --prime out")


@dataclasses.dataclass(frozen=True)
class EvaluateSettings(Settings):
    """Settings of `baseline evaluate`."""

    run: str = setting(dataclasses.MISSING, "directory of a fitted baseline", positional=True)
    data: str | None = setting(None, "the run's data set, if it lies elsewhere now")
    count: int = setting(10_000, "images or rows on each side, at most", minimum=1)
    characters: int = setting(100_000, "characters that a model of text writes", minimum=100)
    split: str = setting(
        "test",
        "real images or rows to compare with: test to report, validation to choose by",
        choices=("test", "validation"),
    )
    seed: int = setting(0, "seed of the samples and of the choice of real ones", minimum=0)
    preset: str = setting(
        "quick", "smoke: 200 images or 2,000 characters, features of one epoch", choices=PRESETS
    )
    json: bool = setting(False, "print one JSON object on stdout")
    quiet: bool = setting(False, "no table, only the files")

    @classmethod
    def preset_values(cls, preset: str, given: dict) -> dict:
        return {"count": 200, "characters": 2000} if preset == "smoke" else {}
