"""Which baselines there are, what data each learns, and where its code is. No heavy import."""

import dataclasses
import importlib

from data.kinds import IMAGES, SERIES, TABLE, TEXT, kinds_of, unknown
from foundation.errors import InputError


@dataclasses.dataclass(frozen=True)
class Baseline:
    """A model that `baseline train` knows.

    Args:
      description: in a few words.
      data: its data set where none is named.
      generators: kind of data -> "module:class", a training.generator.Generator. The first kind
        is meant where a name (`folder:PATH`, `csv:PATH`) can be read as several.
      learners: kind of data -> "module:class", a BaselineLearner, for those fitted in epochs.
    """

    description: str
    data: str
    generators: dict[str, str]
    learners: dict[str, str] = dataclasses.field(default_factory=dict)


BASELINES = {
    "gmm": Baseline(
        "Gaussian mixture, by EM",
        "mnist",
        {IMAGES: "baselines.gmm.images:ImageMixture", TABLE: "baselines.gmm.tables:TableMixture"},
        {IMAGES: "baselines.gmm.images:ImageLearner", TABLE: "baselines.gmm.tables:TableLearner"},
    ),
    "hmm": Baseline(
        "hidden Markov model, by Baum-Welch",
        "shakespeare",
        {
            TEXT: "baselines.hmm.texts:TextHmm",
            SERIES: "baselines.hmm.series:SeriesHmm",
        },
        {
            TEXT: "baselines.hmm.texts:TextLearner",
            SERIES: "baselines.hmm.series:SeriesLearner",
        },
    ),
    "vae": Baseline(
        "variational autoencoder, by gradients",
        "mnist",
        {IMAGES: "baselines.vae.images:ImageVae"},
        {IMAGES: "baselines.vae.train:VaeLearner"},
    ),
    "ngram": Baseline(
        "Kneser-Ney n-gram, by counting",
        "shakespeare",
        {TEXT: "baselines.ngram.texts:TextNgram"},
    ),
    "interpolation": Baseline(
        "points between neighbours (SMOTE)",
        "mnist",
        {
            IMAGES: "baselines.interpolation:ImageInterpolation",
            TABLE: "baselines.interpolation:TableInterpolation",
        },
    ),
    "inverse_transform": Baseline(
        "empirical marginals and a Gaussian copula",
        "mnist",
        {
            IMAGES: "baselines.inverse_transform:ImageInverseTransform",
            TABLE: "baselines.inverse_transform:TableInverseTransform",
        },
    ),
    "regression": Baseline(
        "each column given those before it",
        "breast_cancer",
        {TABLE: "baselines.regression:TableRegression"},
    ),
}


def kind_of(model: str, data: str) -> str:
    """As what `model` reads `data`: "images", "text", "series" or "table".

    Raises: InputError if there is no such data, or the model cannot learn it.
    """
    kinds = kinds_of(data)
    if not kinds:
        raise unknown(data)
    found = [kind for kind in BASELINES[model].generators if kind in kinds]
    if not found:
        learnt = " or ".join(BASELINES[model].generators)
        raise InputError(
            f"{model} with --data {data}", f"{learnt}", f"leave --data out for {_default(model)}"
        )
    return found[0]


def _default(model: str) -> str:
    return BASELINES[model].data


def generator_class(model: str, kind: str) -> type:
    """The Generator of a model for a kind of data."""
    return _load(BASELINES[model].generators[kind])


def learner_class(model: str, kind: str) -> type | None:
    """The BaselineLearner of a model for a kind of data; None if it is fitted at once."""
    path = BASELINES[model].learners.get(kind)
    return None if path is None else _load(path)


def _load(path: str) -> type:
    module, name = path.split(":")
    return getattr(importlib.import_module(module), name)
