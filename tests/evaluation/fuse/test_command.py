"""The command `fuse`: what is asked for is in the file, nothing held out ever is."""

import hashlib
import json
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest

import run
from data.images.dataset import ImageDataset, ImageSplit
from data.images.load import load_images
from data.synthetic.quality_filter import DOUBTFUL, EXACT, FAR, NEAR
from evaluation.config import FuseSettings
from evaluation.fuse.command import Judge, fuse_files
from foundation.errors import InputError

COMMAND = [sys.executable, "-X", "importtime", str(Path(run.__file__))]


def halves(count, seed, labels=None):
    """As tests/conftest.py makes them: a bright left (0) or right (1) half."""
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % 2 if labels is None else labels
    images = generator.integers(0, 60, (count, 8, 8, 1), dtype=np.uint8)
    images[labels == 0, :, :4] += 180
    images[labels == 1, :, 4:] += 180
    return images, labels


def save(path, images, labels=None):
    np.savez(path, images=images, **({} if labels is None else {"labels": labels}))
    return f"npz:{path}"


@pytest.fixture(scope="module")
def network(shared_npz, tmp_path_factory):
    """The CNN that judges, trained once for all tests; one epoch is too few for a confidence."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("network"))
        return Judge(load_images(f"npz:{shared_npz}"), 20).network


class SimpleNetwork:
    """Judges by the brightness of the left half, from `limit` on; keeps what it was shown."""

    def __init__(self, limit=127):
        self.limit, self.shown = limit, []

    def probabilities(self, images):
        self.shown.append(images)
        left = images[:, :, :4].mean(axis=(1, 2, 3)) >= self.limit
        return np.stack([left, ~left], axis=1) * 0.8 + 0.1

    def features(self, images):
        return images.reshape(len(images), -1)[:, ::8].astype(float)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A directory with 60 synthetic images, the current one."""
    monkeypatch.chdir(tmp_path)
    save("made.npz", *halves(60, seed=1))
    return tmp_path


def fused(shared_npz, *synthetic, **given):
    given = {"quiet": True, "preset": "smoke", "out": "fused.npz", **given}
    synthetic = synthetic or ("npz:made.npz",)
    settings = FuseSettings.resolve({"real": f"npz:{shared_npz}", "synthetic": synthetic, **given})
    report = fuse_files(settings)
    with np.load(settings.out, allow_pickle=False) as arrays:
        return types.SimpleNamespace(**{"labels": None, **arrays}), report


def test_in_the_shell_and_back_as_a_data_set(shared_npz, place):
    words = ["fuse", f"npz:{shared_npz}", "npz:made.npz", "--out", "f.npz", "--ratio", "0.1"]
    done = subprocess.run([*COMMAND, *words, "--json"], capture_output=True, text=True, cwd=place)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report == json.loads((place / "f.json").read_text())
    assert report["sha256"] == hashlib.sha256((place / "f.npz").read_bytes()).hexdigest()
    real, mixed = load_images(f"npz:{shared_npz}"), load_images("npz:f.npz")
    assert len(mixed.train) == len(real.train) + 32 == 352
    np.testing.assert_array_equal(mixed.test.images, real.test.images)
    np.testing.assert_array_equal(mixed.validation.images, real.validation.images)
    assert "got" in done.stderr and "32" in done.stderr  # the table goes there with --json
    assert " numpy\n" in done.stderr and "tensorflow" not in done.stderr  # nothing is judged
    with pytest.raises(InputError, match=r"f\.npz exists; a new file"):
        fused(shared_npz, out="f.npz")


@pytest.mark.parametrize("part", ["validation", "test"])
def test_one_held_out_image_in_a_source_ends_the_command(shared_npz, place, part):
    images, labels = halves(60, seed=1)
    images[9] = getattr(load_images(f"npz:{shared_npz}"), part).images[3]
    planted = save("planted.npz", images, labels)
    with pytest.raises(InputError, match=rf"planted.* holds 1 samples .*9 is {part}\[3\]"):
        # Smoothing would change the hash: the guard looks before.
        fused(shared_npz, "npz:made.npz", planted, postprocess="smooth")
    assert not (place / "fused.npz").exists() and not (place / "fused.json").exists()


def test_real_test_images_decide_nothing(shared_npz, place, monkeypatch):
    """Another test part, the same file but for that part: every choice is made without it."""
    monkeypatch.setattr(Judge, "network", SimpleNetwork())
    real = load_images(f"npz:{shared_npz}")
    choices = {
        "balance": "adaptive",
        "ratio": 0.1,
        "min_confidence": 0.2,
        "drop_near": 0.01,
        "drop_far": 0.99,
        "postprocess": "denoise",
    }
    files, measured = [], []
    for number in range(2):
        images, labels = halves(40, seed=50 + number)
        arrays = {"images": real.train.images, "labels": real.train.labels}
        arrays |= {"validation_images": real.validation.images}
        arrays |= {"validation_labels": real.validation.labels}
        np.savez(f"real{number}.npz", **arrays, test_images=images, test_labels=labels)
        set_, report = fused(place / f"real{number}.npz", out=f"f{number}.npz", **choices)
        files.append(set_)
        measured.append(report["prepared"])
    assert measured[0] == measured[1]
    np.testing.assert_array_equal(files[0].images, files[1].images)
    np.testing.assert_array_equal(files[0].index, files[1].index)


def test_every_sample_can_be_traced_to_its_source_and_a_shortage_is_told(shared_npz, place, capsys):
    save("more.npz", *halves(30, seed=2, labels=np.ones(30, int)))
    set_, report = fused(shared_npz, "npz:made.npz", "npz:more.npz", balance="largest")
    assert report["fusion"]["short"] == 0 and len(set_.images) == 320  # both classes have 160
    set_, report = fused(shared_npz, "npz:made.npz", "npz:more.npz", balance="170", out="g.npz")
    assert np.bincount(set_.labels).tolist() == [170, 170]
    assert set_.source_names.tolist() == [f"npz:{shared_npz}", "npz:made.npz", "npz:more.npz"]
    assert np.bincount(set_.source).tolist() == [320, 10 + 5, 5]
    chosen = set_.source == 1
    original = np.load("made.npz")["images"]
    np.testing.assert_array_equal(set_.images[chosen], original[set_.index[chosen]])
    _, report = fused(shared_npz, balance="250", quiet=False, out="h.npz")
    assert report["fusion"]["short"] == 2 * (90 - 30)
    assert "120 synthetic images fewer than asked for" in capsys.readouterr().out


def test_recalls_come_from_validation_images(shared_npz, place, monkeypatch):
    network = SimpleNetwork(limit=0)  # takes everything for class 0
    monkeypatch.setattr(Judge, "network", network)
    set_, report = fused(shared_npz, balance="adaptive", ratio=0.05)
    assert report["fusion"]["recalls"] == [1.0, 0.0]
    assert np.bincount(set_.labels[set_.source > 0], minlength=2).tolist() == [0, 16]
    (images,) = network.shown
    np.testing.assert_array_equal(images, load_images(f"npz:{shared_npz}").validation.images)


def test_every_filter_takes_out_what_was_planted(shared_npz, place, network, monkeypatch):
    monkeypatch.setattr(Judge, "network", network)
    real = load_images(f"npz:{shared_npz}")
    images, labels = halves(60, seed=1)
    images[0], labels[0] = real.train.images[5], real.train.labels[5]
    noise = np.random.default_rng(0).integers(-2, 3, (8, 8, 1))
    near = np.clip(real.train.images[7].astype(int) + noise, 0, 255)
    images[1], labels[1] = near, real.train.labels[7]
    images[2] = np.random.default_rng(1).integers(0, 256, (8, 8, 1))
    labels[3] = 1 - labels[3]  # shows the other class
    planted = save("planted.npz", images, labels)
    set_, report = fused(shared_npz, planted, drop_near=0.0, drop_far=1.0, min_confidence=0.5)
    dropped = report["prepared"][0]["filter"]["dropped"]
    # One of 60 ordinary images may well lie nearer or farther than 40 validation images do.
    assert dropped[EXACT] == dropped[DOUBTFUL] == 1 and 1 <= dropped[NEAR] < 10 > dropped[FAR] >= 1
    kept = set_.index[set_.source > 0]
    assert not set(kept.tolist()) & {0, 1, 2, 3} and len(kept) > 40


def test_the_effect_of_post_processing_is_measured_and_printed(
    shared_npz, place, network, monkeypatch, capsys
):
    monkeypatch.setattr(Judge, "network", network)
    set_, report = fused(shared_npz, postprocess="denoise,smooth", sigma=1.0, quiet=False)
    done = report["prepared"][0]["postprocessing"]
    assert done["steps"] == ["denoise", "smooth"] and done["mean_change"] > 1
    assert done["noise"]["after"] < 0.5 * done["noise"]["before"]
    # The images are all noise around their halves: without it they are unlike real ones.
    distances = done["frechet_distance"]
    assert distances["after"] > distances["before"] and distances["images"] == 40
    assert "no better with it from 40 images, too few to go by" in capsys.readouterr().out
    made = np.load("made.npz")["images"]
    chosen = set_.source > 0
    assert (set_.images[chosen] != made[set_.index[chosen]]).any()
    # too few images for a distance are told and do not end it
    one = save("one.npz", *halves(1, seed=3))
    _, report = fused(shared_npz, one, postprocess="denoise", quiet=False, out="one-fused.npz")
    assert "reason" in report["prepared"][0]["postprocessing"]["frechet_distance"]
    assert "not computed" in capsys.readouterr().out


def test_images_without_labels(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    images, labels = halves(100, seed=0)
    save("real.npz", images)
    save("made.npz", *halves(30, seed=1))
    set_, report = fused(tmp_path / "real.npz", ratio=0.2)
    assert set_.labels is None and len(set_.images) == 80 + 16
    assert "labels left out" in report["fusion"]["sources"][1]["changed"][0]
    for given in ({"balance": "adaptive"}, {"min_confidence": 0.5}, {"balance": "largest"}):
        with pytest.raises(InputError, match=r"labels|classes"):
            fused(tmp_path / "real.npz", out="g.npz", **given)
    save("labelled.npz", images, labels)
    unlabelled = save("unlabelled.npz", halves(9, seed=5)[0])
    for given in ({"min_confidence": 0.5}, {}):
        with pytest.raises(InputError, match="without labels"):
            fused(tmp_path / "labelled.npz", unlabelled, out="g.npz", **given)


def test_a_class_without_validation_images_has_no_recall(monkeypatch):
    monkeypatch.setattr(Judge, "network", SimpleNetwork())
    part = ImageSplit(*halves(8, seed=0))
    zeros = part.take(np.arange(0, 8, 2))
    dataset = ImageDataset("d", part, zeros, part, ("left", "right"))
    with pytest.raises(InputError, match="no validation image of class 'right'"):
        Judge(dataset, 1).recalls()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"ratio": -0.5}, "--ratio -0.5; a number of at least 0"),
        ({"ratio": float("inf")}, "ratio inf; a number of at least 0"),
        ({"balance": "some"}, "--balance some; a count, largest or adaptive"),
        ({"balance": "-3"}, "--balance -3; a count"),
        ({"balance": "largest", "ratio": 1.0}, "one of the two"),
        ({"postprocess": "sharpen"}, "--postprocess sharpen; one of denoise, smooth"),
        ({"out": "fused.txt"}, r"ends in \.npz"),
    ],
)
def test_words_that_mean_nothing_are_refused(shared_npz, place, given, message):
    with pytest.raises(InputError, match=message):
        fused(shared_npz, **given)
    assert not list(place.glob("fused*"))
