"""The command `fuse`: what is asked for is in the file, nothing held out ever is."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import run
from data.images.dataset import ImageDataset, ImageSplit
from data.images.load import load_images
from data.synthetic.fused_file import load_fused
from data.synthetic.quality_filter import DOUBTFUL, EXACT, FAR, NEAR
from evaluation.config import FuseSettings
from evaluation.fuse import command as fuse
from evaluation.fuse.choices import read_choices
from evaluation.fuse.command import Judge, fuse_files
from foundation.errors import InputError

COMMAND = [sys.executable, str(Path(run.__file__))]


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


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A directory with 60 synthetic images, the current one (the feature cache goes there)."""
    monkeypatch.chdir(tmp_path)
    save("made.npz", *halves(60, seed=1))
    return tmp_path


def fused(shared_npz, *synthetic, **given):
    given = {"quiet": True, "preset": "smoke", "out": "fused.npz", **given}
    synthetic = synthetic or ("npz:made.npz",)
    settings = FuseSettings.resolve({"real": f"npz:{shared_npz}", "synthetic": synthetic, **given})
    report = fuse_files(settings)
    return load_fused(settings.out), report


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
    again = subprocess.run([*COMMAND, *words], capture_output=True, text=True, cwd=place)
    assert again.returncode == 2 and "f.npz exists; a new file" in again.stderr


@pytest.mark.parametrize("part", ["validation", "test"])
def test_one_held_out_image_in_a_source_ends_the_command(shared_npz, place, part):
    images, labels = halves(60, seed=1)
    images[9] = getattr(load_images(f"npz:{shared_npz}"), part).images[3]
    planted = save("planted.npz", images, labels)
    with pytest.raises(InputError, match=rf"planted.* holds 1 samples .*9 is {part}\[3\]"):
        # Smoothing would change the hash: the guard looks before.
        fused(shared_npz, "npz:made.npz", planted, postprocess="smooth")
    assert not (place / "fused.npz").exists() and not (place / "fused.json").exists()


def test_real_test_images_decide_nothing(shared_npz, place):
    """Another test part, the same file but for that part: every choice is made without it."""
    real = load_images(f"npz:{shared_npz}")
    choices = {
        "balance": "adaptive",
        "ratio": "0.1",
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
    np.testing.assert_array_equal(files[0].sample_weight, files[1].sample_weight)


def test_balance_and_weights_from_words(shared_npz, place):
    save("more.npz", *halves(30, seed=2, labels=np.ones(30, int)))
    set_, report = fused(
        shared_npz,
        "npz:made.npz",
        "npz:more.npz",
        balance="1:200",
        weights="1,0.5,0.25",
        class_weights="0:2",
    )
    assert np.bincount(set_.labels).tolist() == [160, 200]
    assert set_.provenance.names == (f"npz:{shared_npz}", "npz:made.npz", "npz:more.npz")
    weights = {
        (int(source), int(label)): float(weight)
        for source, label, weight in zip(
            set_.provenance.source, set_.labels, set_.sample_weight, strict=True
        )
    }
    unit = weights[0, 1]
    relative = {key: weight / unit for key, weight in weights.items()}
    assert relative == pytest.approx({(0, 0): 2, (0, 1): 1, (1, 1): 0.5, (2, 1): 0.25})
    assert report["fusion"]["short"] == 0
    save("labelled.npz", *halves(60, seed=1))
    np.testing.assert_array_equal(
        set_.images[set_.provenance.source == 1],
        np.load("labelled.npz")["images"][set_.provenance.index[set_.provenance.source == 1]],
    )


def test_a_shortage_is_told(shared_npz, place, capsys):
    _, report = fused(shared_npz, balance="250", quiet=False)
    assert report["fusion"]["short"] == 2 * (90 - 30)
    assert "120 synthetic images fewer than asked for" in capsys.readouterr().out


def test_recalls_come_from_the_flag_or_from_validation_images(shared_npz, place, monkeypatch):
    set_, _ = fused(shared_npz, balance="adaptive", ratio="0.1", recall="0.9,0.7")
    assert np.bincount(set_.labels[set_.provenance.is_synthetic]).tolist() == [8, 24]
    looked_at = []

    class Network:
        def probabilities(self, images):
            looked_at.append(images)
            seen = np.zeros((len(images), 2))
            seen[:, 0] = 1  # takes everything for class 0
            return seen

    monkeypatch.setattr(Judge, "network", Network())
    set_, report = fused(shared_npz, balance="adaptive", ratio="0.05", out="g.npz")
    assert report["fusion"]["recalls"] == [1.0, 0.0]
    assert np.bincount(set_.labels[set_.provenance.is_synthetic], minlength=2).tolist() == [0, 16]
    (images,) = looked_at
    np.testing.assert_array_equal(images, load_images(f"npz:{shared_npz}").validation.images)


def test_every_filter_takes_out_what_was_planted_for_it(shared_npz, place, monkeypatch):
    real = load_images(f"npz:{shared_npz}")
    images, labels = halves(60, seed=1)
    images[0], labels[0] = real.train.images[5], real.train.labels[5]
    noise = np.random.default_rng(0).integers(-2, 3, (8, 8, 1))
    near = np.clip(real.train.images[7].astype(int) + noise, 0, 255)
    images[1], labels[1] = near, real.train.labels[7]
    images[2] = np.random.default_rng(1).integers(0, 256, (8, 8, 1))
    labels[3] = 1 - labels[3]  # shows the other class
    planted = save("planted.npz", images, labels)
    # 20 epochs: one is too few for a confidence.
    Judge_ = fuse.Judge
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fuse, "Judge", lambda dataset, epochs: Judge_(dataset, 20))
        set_, report = fused(shared_npz, planted, drop_near=0.0, drop_far=1.0, min_confidence=0.5)
    dropped = report["prepared"][0]["filter"]["dropped"]
    # One of 60 ordinary images may well lie nearer or farther than 40 validation images do.
    assert dropped[EXACT] == dropped[DOUBTFUL] == 1 and 1 <= dropped[NEAR] < 10 > dropped[FAR] >= 1
    kept = set_.provenance.index[set_.provenance.is_synthetic]
    assert not set(kept.tolist()) & {0, 1, 2, 3} and len(kept) > 40


def test_the_effect_of_post_processing_is_measured_and_printed(shared_npz, place, capsys):
    set_, report = fused(shared_npz, postprocess="denoise,smooth", sigma=1.0, quiet=False)
    done = report["prepared"][0]["postprocessing"]
    assert done["steps"] == ["denoise", "smooth"] and done["mean_change"] > 1
    assert done["noise"]["after"] < 0.5 * done["noise"]["before"]
    # The images are all noise around their halves: without it they are unlike real ones.
    distances = done["frechet_distance"]
    assert distances["after"] > distances["before"] and distances["images"] == 40
    assert "no better with it" in capsys.readouterr().out
    made = np.load("made.npz")["images"]
    chosen = set_.provenance.is_synthetic
    assert (set_.images[chosen] != made[set_.provenance.index[chosen]]).any()


def test_too_few_images_for_a_distance_are_told_and_do_not_end_it(shared_npz, place, capsys):
    one = save("one.npz", *halves(1, seed=3))
    _, report = fused(shared_npz, one, postprocess="denoise", quiet=False)
    assert "reason" in report["prepared"][0]["postprocessing"]["frechet_distance"]
    assert "not computed" in capsys.readouterr().out


def test_images_without_labels(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    images, labels = halves(100, seed=0)
    save("real.npz", images)
    save("made.npz", *halves(30, seed=1))
    set_, report = fused(tmp_path / "real.npz", ratio="0.2")
    assert set_.labels is None and len(set_) == 80 + 16
    assert "labels left out" in report["fusion"]["sources"][1]["changed"][0]
    for given in ({"balance": "adaptive"}, {"min_confidence": 0.5}, {"balance": "all"}):
        with pytest.raises(InputError, match=r"labels|classes"):
            fused(tmp_path / "real.npz", out="g.npz", **given)
    save("labelled.npz", images, labels)
    unlabelled = save("unlabelled.npz", halves(9, seed=5)[0])
    with pytest.raises(InputError, match="without labels"):
        fused(tmp_path / "labelled.npz", unlabelled, out="g.npz", min_confidence=0.5)
    with pytest.raises(InputError, match="without labels"):
        fused(tmp_path / "labelled.npz", unlabelled, out="g.npz")


def test_a_class_without_validation_images_has_no_recall(monkeypatch):
    monkeypatch.setattr(Judge, "network", None)
    part = ImageSplit(*halves(8, seed=0))
    zeros = part.take(np.arange(0, 8, 2))
    dataset = ImageDataset("d", part, zeros, part, ("left", "right"))

    class Network:
        def probabilities(self, images):
            return np.eye(2)[np.zeros(len(images), int)]

    monkeypatch.setattr(Judge, "network", Network())
    with pytest.raises(InputError, match="no validation image of class 'right'"):
        Judge(dataset, 1).recalls()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"ratio": "half"}, "--ratio half; numbers with commas"),
        ({"balance": "some"}, "--balance some; one of minority, not-minority"),
        ({"balance": "3:many"}, "--balance 3:many; CLASS:NUMBER"),
        ({"balance": "7:9"}, "--balance for class '7'; classes 0, 1"),
        ({"class_weights": "7:9"}, "--class-weights for class '7'"),
        ({"class_weights": "equal"}, "--class-weights equal; CLASS:NUMBER"),
        ({"postprocess": "sharpen"}, "--postprocess sharpen; some of denoise, smooth"),
        ({"out": "fused.txt"}, r"ends in \.npz"),
        ({"weights": "1"}, "1 weights for 2 sources"),
        ({"balance": "all", "recall": "1,1"}, "with recalls"),
    ],
)
def test_words_that_mean_nothing_are_refused(shared_npz, place, given, message):
    with pytest.raises(InputError, match=message):
        fused(shared_npz, **given)
    assert not list(place.glob("fused*"))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("not-majority", "not majority"),
        ("not minority", "not minority"),
        ("adaptive", "adaptive"),
        ("500", 500),
        ("a:b:5,c:7", {"a:b": 5, "c": 7}),
    ],
)
def test_balance_in_words(words, expected):
    given = {"real": "mnist", "synthetic": ("x",), "out": "o.npz", "balance": words}
    assert read_choices(FuseSettings.resolve(given)).balance == expected
