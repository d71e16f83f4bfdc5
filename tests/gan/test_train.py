"""A whole training at smoke size: what it leaves, and that resuming changes no bit."""

import dataclasses
import hashlib
import json
import random

import numpy as np
import pytest
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

SMALL = {"variant": "conditional", "epochs": 3, "batch_size": 48, "latent_dim": 8, "quiet": True}
SMALL |= {"generator_average": 0.9, "dropout": 0.3}
COMPILED = {}


def settings(data, out, **given) -> GanSettings:
    return GanSettings.resolve({"data": f"npz:{data}", "out": out and str(out), **SMALL, **given})


def resumed(run, **given) -> GanSettings:
    return GanSettings.resolve({"out": str(run), "resume": True, "quiet": True, **given})


@pytest.fixture(scope="module", autouse=True)
def compiled_once():
    """All trainings share what TensorFlow traced: seconds each, and not what is tested."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_module, "build_gan", shared_gan)
        patch.setattr(train_module.GanLearner, "steps_a_call", 2)
        yield
    COMPILED.clear()


def shared_gan(settings: GanSettings, image_shape, num_classes) -> Gan:
    """A GAN that was traced before, all of it set to what a new one starts with."""
    new = build_gan(settings, image_shape, num_classes)
    traced = dataclasses.asdict(settings)
    for name in ("out", "data", "seed", "decay_start", "decay_end", "epochs", "resume"):
        del traced[name]
    kept = COMPILED.setdefault(str({**traced, "learning_rate": 1.0}), new)
    for old, value in zip(all_variables(kept), all_variables(new), strict=True):
        old.assign(value)
    kept.settings = settings
    return kept


@pytest.fixture(scope="module")
def unbroken(shared_npz, tmp_path_factory):
    run = tmp_path_factory.mktemp("runs") / "unbroken"
    train(settings(shared_npz, run))
    return run


@pytest.fixture(scope="module")
def other(shared_npz, tmp_path_factory):
    """A run of another seed whose learning rate falls; and the hashes of the images it saw."""
    run, seen, original = tmp_path_factory.mktemp("runs") / "other", set(), Gan.train_steps

    def watching(self, images, *arguments):
        seen.update(hashlib.sha256(row.tobytes()).hexdigest() for row in images.numpy())
        original.__get__(self, Gan)(images, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Gan, "train_steps", watching)
        train(settings(shared_npz, run, seed=1, epochs=2, decay_start=0, decay_end=2))
    return run, seen


def restored_gan(run, given: GanSettings) -> Gan:
    gan = shared_gan(given, (8, 8, 1), 2)
    Checkpoints(run / "checkpoints", **gan.tracked()).restore()
    return gan


def test_a_run_directory_holds_what_the_design_says(unbroken):
    config = json.loads((unbroken / "config.json").read_text())
    assert config["kind"] == "gan"
    assert config["settings"]["variant"] == "conditional"
    assert len(config["data_sha256"]) == 64
    assert config["data_counts"]["read"] == 400 and config["class_names"] == ["0", "1"]
    assert {"python", "tensorflow", "keras", "numpy"} <= set(config["versions"])
    rows = history(unbroken)
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert set(MEASURES) < set(rows[0])
    assert all(np.isfinite(float(value)) for row in rows for value in row.values())
    assert len(list((unbroken / "samples").glob("epoch_*.png"))) == 3
    for picture in ("losses.png", "samples.gif"):
        with Image.open(unbroken / picture) as image:
            image.verify()
    assert load_run(unbroken, "gan").generator.num_classes == 2


def test_one_epoch_and_two_more_are_three_bit_for_bit(small_npz, tmp_path, unbroken):
    run = tmp_path / "continued"
    train(settings(small_npz, run, epochs=1))
    config = json.loads((run / "config.json").read_text())
    del config["settings"]["levels"]  # as a run that was started before there was such a flag
    (run / "config.json").write_text(json.dumps(config))
    train(resumed(run, epochs=3))
    assert checkpoint_bytes(run) == checkpoint_bytes(unbroken)
    assert history(run) == history(unbroken)


def test_an_interrupted_run_resumes_bit_for_bit(small_npz, tmp_path, unbroken, monkeypatch):
    """Inside an epoch, then between two: 320 images are 7 steps, in pieces of 2."""
    run, stops = tmp_path / "interrupted", []
    for calls, go_on in ((1, False), (3, True)):  # pieces done before each stop
        with monkeypatch.context() as patch:
            interrupt_after(calls, Gan, patch)
            with pytest.raises(Interrupted, match="saved") as stop:
                train(resumed(run) if go_on else settings(small_npz, run))
        stops.append(str(stop.value).split(";")[0].removeprefix("stopped "))
    assert stops == ["in epoch 1, step 2", "after epoch 1"]
    train(resumed(run))
    assert checkpoint_bytes(run) == checkpoint_bytes(unbroken)
    assert history(run) == history(unbroken)


def test_another_seed_is_another_training(unbroken, other):
    assert history(other[0])[0]["generator_loss"] != history(unbroken)[0]["generator_loss"]


def test_the_falling_rate_reaches_both_optimizers(other, shared_npz):
    run, rate = other[0], GanSettings.resolve(SMALL).learning_rate
    gan = restored_gan(run, settings(shared_npz, run))
    for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
        assert float(optimizer.learning_rate) == pytest.approx(rate / 2)
    rates = [float(row["learning_rate"]) for row in history(run)]
    assert rates == pytest.approx([rate, rate / 2])


def test_only_training_images_reach_training(other, shared_npz):
    hashes = {
        name: {hashlib.sha256(image.tobytes()).hexdigest() for image in split.images}
        for name, split in load_images(f"npz:{shared_npz}").splits.items()
    }
    assert other[1] == hashes["train"]
    assert not other[1] & (hashes["validation"] | hashes["test"])


def test_the_saved_model_is_the_averaged_generator(unbroken, shared_npz):
    gan = restored_gan(unbroken, settings(shared_npz, unbroken))
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
    received = fit(settings(shared_npz, None), load_images(f"npz:{shared_npz}"))
    assert random.getstate() == before
    stored = load_run(unbroken, "gan").generator
    labels = np.array([0, 1, 1, 0, 1])
    assert np.array_equal(received.sample(3, 2, 5, labels), stored.sample(3, 2, 5, labels))
    assert received.describe() == stored.describe()
    assert not list(tmp_path.iterdir())


def test_in_memory_a_training_that_breaks_is_no_generator(shared_npz):
    with pytest.raises(Diverged, match="not finite"):
        fit(settings(shared_npz, None, learning_rate=1e30), load_images(f"npz:{shared_npz}"))


def test_images_without_labels_or_of_a_class_alone_are_refused(small_npz, tmp_path):
    with np.load(small_npz) as archive:
        np.savez(tmp_path / "plain.npz", images=archive["images"])
    with pytest.raises(InputError, match="has no labels"):
        train(settings(tmp_path / "plain.npz", tmp_path / "run"))
    chosen = {"data": "mnist", "max_images": 8, "variant": "conditional"}
    with pytest.raises(InputError, match="no training image of class"):
        train(GanSettings.resolve({**chosen, "out": str(tmp_path / "run")}))
    assert not (tmp_path / "run").exists()


def test_the_learning_rate_depends_on_the_epoch_alone():
    chosen = GanSettings(learning_rate=1.0, decay_start=2, decay_end=4, epochs=3)
    longer = dataclasses.replace(chosen, epochs=9)
    rates = [chosen.learning_rate_at(epoch) for epoch in range(6)]
    assert rates == [1.0, 1.0, 1.0, 0.5, 0.01, 0.01]
    assert rates == [longer.learning_rate_at(epoch) for epoch in range(6)]
    for wrong in ({"decay_start": 2}, {"decay_end": 2}, {"decay_start": 2, "decay_end": 2}):
        with pytest.raises(InputError, match="both, the end after the start, or neither"):
            GanSettings(**wrong)
