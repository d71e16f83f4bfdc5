"""A whole training at smoke size: what it leaves, and that resuming changes no bit."""

import dataclasses
import hashlib
import json
import random

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from data.images.load import load_images
from foundation.errors import Diverged, InputError, Interrupted
from gan import train as train_module
from gan.config import GanSettings
from gan.step import MEASURES, Gan
from gan.train import build_gan, fit, train
from tests.gan.steps import all_variables
from tests.runs import checkpoint_bytes, history, interrupt_after
from training.checkpoints import Checkpoints
from training.stored import load_run


def settings(data, out, **given) -> GanSettings:
    base = {
        "data": f"npz:{data}",
        "out": out and str(out),
        "epochs": 4,
        "batch_size": 48,
        "quiet": True,
    }
    return GanSettings.resolve(
        {**base, "latent_dim": 8, "generator_average": 0.9, "dropout": 0.3, **given}
    )


COMPILED = {}


@pytest.fixture(scope="module", autouse=True)
def compiled_once():
    """Trainings of one kind share what TensorFlow traced: seconds each, and not what is tested."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_module, "build_gan", shared_gan)
        yield
    COMPILED.clear()


def shared_gan(settings: GanSettings, image_shape, num_classes) -> Gan:
    """A GAN that was traced before, all of it set to what a new one starts with."""
    new = build_gan(settings, image_shape, num_classes)
    not_traced = dict.fromkeys(("out", "data", "seed", "decay_start", "decay_end"))
    others = {"epochs": 1, "learning_rate": 1.0, "resume": False}
    key = str({**dataclasses.asdict(settings), **not_traced, **others}), image_shape, num_classes
    kept = COMPILED.setdefault(key, new)
    for old, value in zip(all_variables(kept), all_variables(new), strict=True):
        old.assign(value)
    kept.settings = settings
    return kept


@pytest.fixture(scope="module")
def unbroken(shared_npz, tmp_path_factory):
    run = tmp_path_factory.mktemp("runs") / "unbroken"
    train(settings(shared_npz, run, variant="conditional"))
    return run


def test_a_run_directory_holds_what_the_design_says(unbroken):
    config = json.loads((unbroken / "config.json").read_text())
    assert config["kind"] == "gan"
    assert config["settings"]["variant"] == "conditional"
    assert len(config["data_sha256"]) == 64
    assert {"python", "tensorflow", "keras", "numpy"} <= set(config["versions"])
    rows = history(unbroken)
    assert [row["epoch"] for row in rows] == ["1", "2", "3", "4"]
    assert set(MEASURES) < set(rows[0])
    assert all(np.isfinite(float(value)) for row in rows for value in row.values())
    assert len(list((unbroken / "checkpoints").glob("*.index"))) == 3
    assert len(list((unbroken / "samples").glob("epoch_*.png"))) == 4
    for picture in ("losses.png", "samples.gif"):
        with Image.open(unbroken / picture) as image:
            image.verify()
    assert load_run(unbroken, "gan").generator.num_classes == 2


def test_two_epochs_and_two_more_are_four_bit_for_bit(small_npz, tmp_path, unbroken):
    run = tmp_path / "continued"
    train(settings(small_npz, run, variant="conditional", epochs=2))
    train(GanSettings.resolve({"out": str(run), "resume": True, "epochs": 4, "quiet": True}))
    assert checkpoint_bytes(run) == checkpoint_bytes(unbroken)
    assert history(run) == history(unbroken)


@pytest.mark.parametrize("calls", [1, 4, 6])
def test_an_interrupted_run_resumes_bit_for_bit(small_npz, tmp_path, unbroken, monkeypatch, calls):
    """Also in the middle of an epoch: 320 images are 7 steps, here in pieces of 2."""
    run = tmp_path / "interrupted"
    with monkeypatch.context() as patch:
        patch.setattr(train_module.GanLearner, "steps_a_call", 2)
        interrupt_after(calls, Gan, patch)
        with pytest.raises(Interrupted, match="saved"):
            train(settings(small_npz, run, variant="conditional"))
    train(GanSettings.resolve({"out": str(run), "resume": True, "quiet": True}))
    assert checkpoint_bytes(run) == checkpoint_bytes(unbroken)
    assert history(run) == history(unbroken)


def test_a_second_run_with_the_same_seed_is_the_same_and_another_seed_is_not(
    small_npz, tmp_path, unbroken
):
    again, other = tmp_path / "again", tmp_path / "other"
    train(settings(small_npz, again, variant="conditional"))
    train(settings(small_npz, other, variant="conditional", seed=1, epochs=1))
    assert checkpoint_bytes(again) == checkpoint_bytes(unbroken)
    assert history(other) != history(unbroken)[:1]


def test_a_broken_weight_stops_the_run_and_the_last_checkpoint_is_good(
    small_npz, tmp_path, monkeypatch
):
    run = tmp_path / "diverging"
    original, calls = Gan.train_steps, iter(range(100))

    def poisoned(self, *arguments):
        if next(calls) == 2:
            self.generator.trainable_variables[0].assign_add(
                tf.fill(self.generator.trainable_variables[0].shape, float("nan"))
            )
        original.__get__(self, Gan)(*arguments)

    monkeypatch.setattr(Gan, "train_steps", poisoned)
    with pytest.raises(Diverged, match=r"epoch 3.*ckpt-2000000.*--learning-rate"):
        train(settings(small_npz, run))
    monkeypatch.undo()
    assert load_run(run, "gan").generator.sample(0, 0, 2).shape == (2, 8, 8, 1)
    train(GanSettings.resolve({"out": str(run), "resume": True, "quiet": True}))
    assert len(history(run)) == 4


def test_a_huge_learning_rate_diverges_by_itself(small_npz, tmp_path):
    with pytest.raises(Diverged, match="not finite"):
        train(settings(small_npz, tmp_path / "run", learning_rate=1e30, epochs=50))


def test_conditional_needs_labels(small_npz, tmp_path):
    with np.load(small_npz) as archive:
        np.savez(tmp_path / "plain.npz", images=archive["images"])
    with pytest.raises(InputError, match="has no labels"):
        train(settings(tmp_path / "plain.npz", tmp_path / "run", variant="conditional"))
    assert not (tmp_path / "run").exists()


def restored_gan(run, given: GanSettings) -> Gan:
    gan = shared_gan(given, (8, 8, 1), 2)
    Checkpoints(run / "checkpoints", **gan.tracked()).restore()
    return gan


def test_the_saved_model_is_the_averaged_generator(unbroken, shared_npz):
    gan = restored_gan(unbroken, settings(shared_npz, unbroken, variant="conditional"))
    with np.load(next((unbroken / "model").glob("*.npz"))) as archive:
        saved = [archive[name] for name in archive.files]
    averaged, last = gan.average_generator.get_weights(), gan.generator.get_weights()
    assert all(np.array_equal(a, b) for a, b in zip(saved, averaged, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(saved, last, strict=True))


def test_in_memory_the_same_generator_comes_out_and_no_file(
    unbroken, shared_npz, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    random.seed(5)
    before = random.getstate()
    chosen = settings(shared_npz, None, variant="conditional")
    received = fit(chosen, load_images(f"npz:{shared_npz}"))
    assert random.getstate() == before
    stored = load_run(unbroken, "gan").generator
    labels = np.array([0, 1, 1, 0, 1])
    assert np.array_equal(received.sample(3, 2, 5, labels), stored.sample(3, 2, 5, labels))
    assert received.describe() == stored.describe()
    assert not list(tmp_path.iterdir())


def test_in_memory_a_training_that_breaks_is_no_generator(small_npz):
    chosen = settings(small_npz, None, learning_rate=1e30, epochs=10)
    with pytest.raises(Diverged, match="not finite"):
        fit(chosen, load_images(f"npz:{small_npz}"))


def test_the_falling_rate_reaches_both_optimizers(small_npz, tmp_path):
    chosen = settings(small_npz, tmp_path / "run", epochs=3, decay_start=1, decay_end=3)
    train(chosen)
    gan = restored_gan(tmp_path / "run", chosen)
    for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
        assert float(optimizer.learning_rate) == pytest.approx(chosen.learning_rate / 2)
    assert [float(row["learning_rate"]) for row in history(tmp_path / "run")] == pytest.approx(
        [chosen.learning_rate, chosen.learning_rate, chosen.learning_rate / 2]
    )


def test_only_training_images_reach_training(small_npz, tmp_path, monkeypatch):
    seen = set()
    original = Gan.train_steps

    def watching(self, images, *arguments):
        seen.update(hashlib.sha256(row.tobytes()).hexdigest() for row in images.numpy())
        original.__get__(self, Gan)(images, *arguments)

    monkeypatch.setattr(Gan, "train_steps", watching)
    train(settings(small_npz, tmp_path / "run", epochs=1))
    dataset = load_images(f"npz:{small_npz}")
    hashes = {
        name: {hashlib.sha256(image.tobytes()).hexdigest() for image in split.images}
        for name, split in dataset.splits.items()
    }
    assert seen == hashes["train"]
    assert not seen & (hashes["validation"] | hashes["test"])


def test_a_class_without_training_images_is_refused(small_npz, tmp_path):
    with pytest.raises(InputError, match="no training image of class"):
        chosen = {"data": "mnist", "max_images": 8, "variant": "conditional"}
        train(GanSettings.resolve({**chosen, "out": str(tmp_path / "run")}))


def test_the_learning_rate_depends_on_the_epoch_alone():
    chosen = GanSettings(learning_rate=1.0, decay_start=2, decay_end=4, epochs=3)
    longer = GanSettings(learning_rate=1.0, decay_start=2, decay_end=4, epochs=9)
    rates = [chosen.learning_rate_at(epoch) for epoch in range(6)]
    assert rates == [1.0, 1.0, 1.0, 0.5, 0.01, 0.01]
    assert rates == [longer.learning_rate_at(epoch) for epoch in range(6)]
