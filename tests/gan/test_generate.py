"""Samples are functions of (run, seed, index, label); files carry their provenance."""

import csv
import hashlib

import numpy as np
import pytest
from PIL import Image

from data.images.load import load_images
from foundation.errors import InputError
from foundation.purposes import GENERATION_NOISE
from gan.config import GanSettings, GenerateSettings
from gan.generate import generate, spherical
from gan.train import build_gan
from gan.trained import CHUNK, TrainedGenerator, to_images
from training.run_directory import open_run
from training.seeds import normal_noise
from training.stored import load_run, save_generator


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """One conditional and one plain run, not trained, but of weights that draw all kinds of
    images: of 8 x 8 in colour, and of three classes."""
    folder, random = tmp_path_factory.mktemp("runs"), np.random.default_rng(0)
    images = random.integers(0, 256, (60, 8, 8, 3), dtype=np.uint8)
    np.savez(folder / "made.npz", images=images, labels=np.arange(60) % 3)
    dataset, made = load_images(f"npz:{folder / 'made.npz'}"), {}
    for variant in ("conditional", "corrected"):
        settings = GanSettings.resolve({"variant": variant, "out": str(folder / variant)})
        model = build_gan(settings, dataset.image_shape, dataset.num_classes).generator
        shapes = [each.shape for each in model.get_weights()]
        drawn = [random.normal(size=shape) / shape[0] ** 0.5 for shape in shapes]
        model.set_weights([np.abs(each) if each.ndim == 1 else each for each in drawn])
        made[variant] = open_run(settings, f"gan-{variant}", dataset.sha256)
        classes = dataset.num_classes if variant == "conditional" else 0
        sizes = settings.latent_dim, dataset.image_shape, classes
        generator = TrainedGenerator(model, *sizes, dataset.class_names)
        save_generator(made[variant], generator, model="gan.generator")
    return made


def written(run, out, **given) -> dict[str, np.ndarray]:
    generate(GenerateSettings.resolve({"run": str(run), "out": str(out), "quiet": True, **given}))
    arrays = [np.load(path) for path in sorted(out.glob("*.npz"))]
    return {name: np.concatenate([archive[name] for archive in arrays]) for name in arrays[0].files}


def test_the_same_index_gives_the_same_image_for_any_count_batch_and_shard(runs, tmp_path):
    run = runs["conditional"]
    reference = written(run, tmp_path / "reference", count=1100)
    assert reference["images"].shape == (1100, 8, 8, 3)
    assert reference["labels"][:4].tolist() == [0, 1, 2, 0]
    for number, given in enumerate(
        (
            {"count": 1},
            {"count": 7, "batch_size": 3},
            {"count": 501, "batch_size": 499},
            {"count": 1100, "batch_size": 7, "shard_size": 333},
            {"count": 1099, "batch_size": 5000, "shard_size": 50, "balanced": True},
        )
    ):
        received = written(run, tmp_path / str(number), **given)
        for name in ("images", "labels"):
            assert np.array_equal(received[name], reference[name][: given["count"]]), given


def test_an_image_does_not_depend_on_its_neighbours_labels(runs, tmp_path):
    balanced = written(runs["conditional"], tmp_path / "a", count=60)
    ones = written(runs["conditional"], tmp_path / "b", count=60, label="1")
    mine = balanced["labels"] == 1
    assert np.array_equal(balanced["images"][mine], ones["images"][mine])
    assert set(ones["labels"]) == {1}


def test_other_seeds_give_other_images(runs, tmp_path):
    a = written(runs["corrected"], tmp_path / "a", count=20)["images"]
    b = written(runs["corrected"], tmp_path / "b", count=20, seed=1)["images"]
    assert not np.array_equal(a, b)
    assert len(np.unique(a.reshape(20, -1), axis=0)) == 20


def test_the_manifest_says_where_each_image_comes_from(runs, tmp_path):
    arrays = written(runs["conditional"], tmp_path / "out", count=30, seed=4, shard_size=8)
    with open(tmp_path / "out" / "manifest.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["index", "generator", "run", "seed", "label", "sha256"]
    assert [int(row["index"]) for row in rows] == list(range(30))
    assert [int(row["label"]) for row in rows] == arrays["labels"].tolist()
    assert {(row["generator"], row["seed"]) for row in rows} == {("gan-conditional", "4")}
    for row, image in zip(rows, arrays["images"], strict=True):
        assert row["sha256"] == hashlib.sha256(image.tobytes()).hexdigest()


@pytest.mark.parametrize(
    ("variant", "given", "message"),
    [
        ("corrected", {"balanced": True}, "trained without labels"),
        ("conditional", {"label": "3"}, "--label 3; a class of .*: 0, 1, 2;"),
    ],
)
def test_wrong_labels_are_refused_and_nothing_is_written(runs, tmp_path, variant, given, message):
    with pytest.raises(InputError, match=message):
        written(runs[variant], tmp_path / "out", **given)
    assert list(tmp_path.iterdir()) == []


def test_balanced_and_label_exclude_each_other():
    with pytest.raises(InputError, match="one of the two"):
        GenerateSettings(run="x", balanced=True, label="1")


def test_interpolation_draws_one_row_a_class(runs, tmp_path):
    given = {"run": str(runs["conditional"]), "interpolate": True}
    generate(GenerateSettings.resolve({**given, "out": str(tmp_path / "all")}))
    generate(GenerateSettings.resolve({**given, "out": str(tmp_path / "one"), "label": "2"}))
    sizes = []
    for name in ("all", "one"):
        with Image.open(tmp_path / name / "interpolation.png") as image:
            sizes.append(image.size)
    assert sizes == [(2 * 91, 2 * 28), (2 * 91, 2 * 10)]  # 10 images of 8 + 1 pixels, and a border


def test_the_ends_of_an_interpolation_are_the_samples_themselves(runs):
    generator = load_run(runs["corrected"], "gan").generator
    noise = normal_noise(0, GENERATION_NOISE, 0, (CHUNK, 100))
    ends = generator.decode(spherical(*noise.numpy()[:2], np.array([0.0, 1.0], np.float32)))
    assert np.abs(ends.astype(int) - generator.sample(0, 0, 2).astype(int)).max() <= 1


def test_spherical_keeps_the_length_and_the_plane():
    a, b = np.array([3.0, 0, 0], np.float32), np.array([0, 3.0, 0], np.float32)
    points = spherical(a, b, np.linspace(0, 1, 5, dtype=np.float32))
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 3.0, rtol=1e-6)
    np.testing.assert_allclose(points[2], [3 / np.sqrt(2), 3 / np.sqrt(2), 0], rtol=1e-6)
    np.testing.assert_allclose(spherical(a, a, np.array([0.5], np.float32))[0], a)


def test_to_images_covers_the_whole_range():
    flat = np.array([[-1.0, -0.999, 0.0, 1.0]], np.float32)
    assert to_images(flat, (2, 2, 1)).ravel().tolist() == [0, 0, 128, 255]


def test_labels_are_checked_by_the_generator_itself(runs):
    with pytest.raises(ValueError, match="labels from 0 to 3; from 0 to 2"):
        load_run(runs["conditional"], "gan").generator.sample(0, 0, 3, np.array([0, 1, 3]))
