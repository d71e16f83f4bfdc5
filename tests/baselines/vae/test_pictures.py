"""The pictures of the variational autoencoder show what their captions say."""

import numpy as np
import pytest
from PIL import Image

from baselines.vae.images import ImageVae
from baselines.vae.model import Shape, Vae
from baselines.vae.pictures import COLUMNS, GRID, draw_reconstructions, latent_grid
from data.images.dataset import ImageSplit

SHAPE = Shape(pixels=4, num_classes=2, latent_dim=3, units=8, components=1)


@pytest.fixture
def model():
    return ImageVae(Vae(SHAPE, seed=1), np.array([0.5, 0.5]), (2, 2, 1), ("a", "b"))


def test_under_each_row_of_images_stands_what_came_back_of_it(model, tmp_path):
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (3 * COLUMNS + 7, 2, 2, 1), dtype=np.uint8)
    labels = np.arange(len(images)) % 2
    draw_reconstructions(tmp_path, model, ImageSplit(images, labels))
    drawn = np.asarray(Image.open(tmp_path / "reconstructions.png").convert("L"))
    cells = drawn[2:, 2:].reshape(6, 6, COLUMNS, 6).swapaxes(1, 2)[:, :, :4, :4]  # twice as large
    shown = cells[:, :, ::2, ::2].reshape(3, 2, COLUMNS, 2, 2)  # real and what came back, in turn
    back = model.reconstruct(images, labels)
    by_row = (3, COLUMNS, 2, 2)
    assert np.array_equal(shown[:, 0], images[: 3 * COLUMNS].reshape(by_row))
    assert np.array_equal(shown[:, 1], back[: 3 * COLUMNS].reshape(by_row))


def test_the_grid_spans_the_two_widest_directions_by_their_deviation(model, monkeypatch):
    """A prior that is wide in its third direction, less in its first, and narrow in its second."""
    _, mean, log_variance = model.vae.prior
    mean.assign([[0.0] * 3, [1.0, 2.0, 3.0]])
    log_variance.assign(np.log([[1.0] * 3, [2.0**2, 0.5**2, 5.0**2]]))
    asked = {}

    def decode(codes, labels):
        asked["codes"], asked["labels"] = codes, labels
        return np.zeros((len(codes), 2, 2, 1), np.uint8)

    monkeypatch.setattr(model, "decode", decode)
    latent_grid(model, 1)
    codes = asked["codes"].reshape(GRID, GRID, 3) - [1.0, 2.0, 3.0]
    assert np.all(asked["labels"] == 1)
    assert codes[..., 1] == pytest.approx(0, abs=1e-5)
    # The outermost of twelve equally likely steps: the normal quantile of 1/24.
    assert np.abs(codes[..., 2]).max() == pytest.approx(5 * 1.7317, rel=1e-3)
    assert np.abs(codes[..., 0]).max() == pytest.approx(2 * 1.7317, rel=1e-3)
    assert np.ptp(codes[..., 2], axis=0) == pytest.approx(0, abs=1e-5)  # along a row
    assert np.ptp(codes[..., 0], axis=1) == pytest.approx(0, abs=1e-5)  # along a column
