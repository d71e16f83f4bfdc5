"""Small data of each kind, and a run of each model that is costly to fit, once for all tests."""

import functools

import numpy as np
import pytest

from baselines.hmm.fit import Hmm
from baselines.hmm.series import SeriesHmm
from baselines.train import train
from data.images.load import load_images
from data.tables.dataset import DIGITS, Column
from data.tables.encoding import Encoding
from data.texts.load import load_text
from tests.baselines.shared import settings_of
from tests.conftest import make_small_npz
from training.stored import load_run

RUNS = {
    "gmm": ("gmm", "images", {"pca_dims": 4}),
    "vae": ("vae", "images", {}),
    "hmm": ("hmm", "text", {"sequence_length": 32}),
    "series": (
        "hmm",
        "series",
        {"states": 2, "epochs": 20, "smoothing": 1e-6, "covariance_floor": 1e-6, "tolerance": 1e-6},
    ),
}


@pytest.fixture(scope="session")
def true_series() -> SeriesHmm:
    """Two states of two columns."""
    emission = np.array([[10.0, -5.0], [20.0, 0.0]]), np.array([[1.0, 0.01], [4.0, 0.04]])
    model = Hmm(np.array([0.999, 0.001]), np.array([[0.95, 0.05], [0.1, 0.9]]), emission)
    columns = tuple(Column(name, decimals=DIGITS + 1) for name in ("warm", "wet"))
    return SeriesHmm(model, Encoding(columns, None, "standard", (np.array([0.0, 1.0]),) * 2))


@pytest.fixture(scope="session")
def data(tmp_path_factory, true_series) -> dict[str, str]:
    """Bright left and right halves; syllables, that is a consonant, then a vowel, sometimes a
    blank; and what two states draw."""
    folder = tmp_path_factory.mktemp("data")
    random = np.random.default_rng(0)
    syllables = [c + v for c in "bdkt" for v in "aeou"]
    words = ["".join(random.choice(syllables, random.integers(1, 4))) for _ in range(900)]
    (folder / "text.txt").write_text(" ".join(words))
    rows = true_series.sample(0, 0, 1, length=1500)[0].tolist()
    (folder / "series.csv").write_text("warm,wet\n" + "".join(f"{x!r},{y!r}\n" for x, y in rows))
    return {
        "images": f"npz:{make_small_npz(folder / 'small.npz')}",
        "text": f"file:{folder / 'text.txt'}",
        "series": f"csv:{folder / 'series.csv'}",
    }


@pytest.fixture(scope="session")
def images(data):
    return load_images(data["images"])


@pytest.fixture(scope="session")
def corpus(data):
    return load_text(data["text"])


@pytest.fixture(scope="session")
def run_of(data, tmp_path_factory):
    """name in RUNS -> the directory of a whole training of it."""

    @functools.cache
    def run(name):
        model, kind, chosen = RUNS[name]
        out = tmp_path_factory.mktemp("runs") / name
        train(settings_of(model, data[kind], out=str(out), **chosen))
        return out

    return run


@pytest.fixture(scope="session")
def model_of(run_of):
    """name in RUNS -> the generator of that run, read back."""
    return functools.cache(lambda name: load_run(run_of(name), "baseline").generator)
