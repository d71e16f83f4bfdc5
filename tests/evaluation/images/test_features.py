"""The feature network: what it learns from, what it refuses, its cache, and what is shipped."""

import json
import shutil
import sys

import numpy as np
import pytest

from data.images.load import ImageDataset, ImageSplit, load_images
from evaluation.images import features
from evaluation.images.features import (
    FEATURE_UNITS,
    RECIPE_VERSION,
    SHIPPED,
    FeatureNetwork,
    build_models,
    load_network,
)
from evaluation.images.shipped.make import EMBEDDED
from foundation.files import sha256_of_file


def bright_and_dark(count, seed, labelled=True, shape=(12, 12, 1)):
    """Two classes that a few steps of training tell apart: noise around 60 and around 190."""
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    images = (
        generator.integers(-50, 50, size=(count, *shape)) + 60 + 130 * labels[:, None, None, None]
    )
    return ImageSplit(images.astype(np.uint8), labels.astype(np.int64) if labelled else None)


def make_dataset(labelled=True, shape=(12, 12, 1)):
    splits = [bright_and_dark(n, s, labelled, shape) for n, s in ((256, 0), (32, 1), (64, 2))]
    return ImageDataset("made", *splits, ("dark", "bright") if labelled else (), ())


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("feature_networks")


@pytest.fixture(scope="module")
def network(cache):
    np.random.seed(7)
    expected = np.random.random()
    np.random.seed(7)
    network = FeatureNetwork.for_dataset(make_dataset(), epochs=6, cache=cache)
    assert np.random.random() == expected, "training touches the caller's random state"
    return network


@pytest.fixture
def untrained(monkeypatch):
    """For what is asked of anything but the training, which costs a second to compile."""

    def announced(model, train, task, turns, epochs):
        print(f"feature network ({task}): epoch 1 of {epochs}", file=sys.stderr)

    monkeypatch.setattr(features, "_train", announced)


def test_learns_the_classes(network):
    assert network.task == "classes"
    assert network.test_accuracy == network.validation_accuracy == 1.0


def test_features_and_probabilities_have_their_shapes_and_ranges(network):
    images = make_dataset().test.images
    features, probabilities = network.outputs(images)
    assert features.shape == (64, FEATURE_UNITS) and features.dtype == np.float32
    assert features.min() >= 0 and features.max() > 0
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
    assert np.array_equal(network.features(images), features)
    assert np.array_equal(network.probabilities(images), probabilities)


def test_an_images_features_do_not_depend_on_its_company(network):
    images = make_dataset().train.images
    many = np.concatenate([images] * 3)  # more than one forward batch, the last incomplete
    assert np.array_equal(network.features(many)[-5:], network.features(images[-5:]))


def test_the_cache_gives_the_same_features_without_training(network, cache, capsys):
    images = make_dataset().test.images
    again = FeatureNetwork.for_dataset(make_dataset(), epochs=6, cache=cache)
    assert capsys.readouterr().err == ""  # no line of training
    assert np.array_equal(again.features(images), network.features(images))
    assert again.test_accuracy == network.test_accuracy


def test_other_data_or_another_recipe_has_a_cache_of_its_own(network, cache, capsys, untrained):
    other = FeatureNetwork.for_dataset(make_dataset(), epochs=1, cache=cache)
    assert "epoch 1 of 1" in capsys.readouterr().err
    assert other.directory != network.directory


@pytest.mark.parametrize("damage", ["truncated weights", "missing weights", "broken json", "swap"])
def test_a_damaged_cache_is_not_used_and_that_is_said(network, tmp_path, capsys, damage):
    directory = shutil.copytree(network.directory, tmp_path / network.directory.name)
    recipe = {"version": RECIPE_VERSION, "task": "classes", "epochs": 6}
    assert load_network(directory, make_dataset().sha256, recipe) is not None
    weights, description = directory / "weights.npz", directory / "network.json"
    if damage == "truncated weights":
        weights.write_bytes(weights.read_bytes()[:-100])
    elif damage == "missing weights":
        weights.unlink()
    elif damage == "broken json":
        description.write_text('{"recipe": ')
    else:
        content = json.loads(description.read_text())
        description.write_text(json.dumps(content | {"data_sha256": "0" * 64}))
    assert load_network(directory, make_dataset().sha256, recipe) is None
    said = capsys.readouterr().err
    assert "damaged" in said and "training anew" in said


@pytest.mark.parametrize("place", ["cache", "shipped"])
def test_after_damage_the_network_is_trained_and_the_cache_whole(
    network, tmp_path, monkeypatch, capsys, untrained, place
):
    monkeypatch.setattr(features, "SHIPPED", tmp_path / "shipped")
    directory = shutil.copytree(network.directory, tmp_path / place / network.directory.name)
    (directory / "weights.npz").write_bytes(b"")
    FeatureNetwork.for_dataset(make_dataset(), epochs=6, cache=tmp_path / "cache")
    said = capsys.readouterr().err
    assert "damaged" in said and "epoch 1 of 6" in said
    shutil.rmtree(tmp_path / "shipped", ignore_errors=True)
    FeatureNetwork.for_dataset(make_dataset(), epochs=6, cache=tmp_path / "cache")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_cache_that_cannot_be_written_is_said_and_costs_only_time(
    tmp_path, monkeypatch, capsys, untrained, when
):
    cache = tmp_path / "cache"
    if when == "before":
        cache.write_text("a file where the directory would be")
    else:

        def full_disk(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("evaluation.images.features.write_json", full_disk)
    network = FeatureNetwork.for_dataset(make_dataset(), epochs=1, cache=cache)
    said = capsys.readouterr().err
    assert said.count("warning: the feature network cannot be cached") == 1
    warned_first = said.index("warning") < said.index("epoch 1 of 1")
    assert warned_first == (when == "before")  # not after a minute of training
    assert network.directory is None and network.test_accuracy is not None


@pytest.fixture(scope="module")
def mnist():
    return load_images("mnist")


def test_the_shipped_network_is_loaded_and_reads_99_percent_of_the_test_images(
    mnist, tmp_path, capsys
):
    network = FeatureNetwork.for_dataset(mnist, cache=tmp_path)
    assert capsys.readouterr().err == ""  # neither trained nor damaged
    right = network.probabilities(mnist.test.images).argmax(axis=1) == mnist.test.labels
    assert right.mean() == pytest.approx(network.test_accuracy, abs=2e-4)
    assert network.test_accuracy >= 0.99
    # What is measured with it is kept beside no network that was trained on this machine.
    assert network.directory.parent == tmp_path and list(tmp_path.iterdir()) == [network.directory]
    assert network.directory.name.endswith("-shipped") and not list(network.directory.iterdir())


def test_what_is_shipped_is_of_the_embedded_data_and_the_recipe_in_force(mnist):
    shipped = sorted(SHIPPED.glob("*/network.json"))
    assert len(shipped) == len(EMBEDDED)
    description = json.loads(shipped[0].read_text(encoding="utf-8"))
    assert description["data_sha256"] == mnist.sha256
    assert description["recipe"]["version"] == RECIPE_VERSION
    weights = shipped[0].with_name("weights.npz")
    assert sha256_of_file(weights) == description["weights_sha256"]
    assert weights.stat().st_size < 1_000_000


@pytest.mark.slow
def test_the_recipe_reads_99_percent_of_the_test_images(mnist, tmp_path, monkeypatch):
    monkeypatch.setattr(features, "SHIPPED", tmp_path)
    network = FeatureNetwork.for_dataset(mnist, cache=tmp_path / "cache")
    assert network.test_accuracy >= 0.99


def test_without_labels_it_learns_turns_and_says_so(tmp_path):
    network = FeatureNetwork.for_dataset(make_dataset(labelled=False), epochs=1, cache=tmp_path)
    assert network.task == "rotation prediction"
    assert network.probabilities(make_dataset().test.images).shape == (64, 4)


@pytest.mark.parametrize(("shape", "turns"), [((12, 12, 1), 4), ((8, 10, 3), 2)])
def test_one_class_has_nothing_to_tell_apart_and_no_square_only_half_turns(
    tmp_path, untrained, shape, turns
):
    two = make_dataset(shape=shape)
    splits = (split.take(np.flatnonzero(split.labels == 0)) for split in two.splits.values())
    dataset = ImageDataset("made", *splits, ("dark",), ())
    network = FeatureNetwork.for_dataset(dataset, epochs=1, cache=tmp_path)
    assert network.task == "rotation prediction"
    assert network.probabilities(dataset.test.images).shape == (32, turns)


@pytest.mark.parametrize("shape", [(4, 4, 1), (28, 28, 1), (32, 32, 3), (65, 40, 3)])
def test_any_image_shape_can_be_built(shape):
    trained, scored = build_models(shape, classes=7)
    assert trained.output_shape == (None, 7)
    assert scored.output_shape == [(None, FEATURE_UNITS), (None, 7)]
    assert trained.count_params() < 700_000


def test_scaled_images_are_refused_by_name(network):
    images = make_dataset().test.images
    with pytest.raises(ValueError, match="dtype float32"):
        network.features(images.astype(np.float32) / 127.5 - 1)
    with pytest.raises(ValueError, match=r"shape \(64, 12, 12\)"):
        network.features(images[..., 0])
    with pytest.raises(ValueError, match="resize"):
        network.features(images[:, :8])
