"""Counts, provenance, the guard and the file, on cases that can be worked out by hand."""

import dataclasses
import hashlib
import json

import numpy as np
import pytest

from data.images.dataset import ImageDataset, ImageSplit
from data.images.load import load_images
from data.synthetic.fusion import check_file, fuse, save_fused
from data.synthetic.guard import HeldOut
from data.synthetic.provenance import Samples
from foundation.errors import InputError


def images(count, first):
    """`count` different images of 2 x 2: the first has the number `first` in its pixels."""
    numbers = np.arange(first, first + count, dtype=np.int64)
    pixels = np.stack([numbers // 256, numbers % 256, numbers * 0, numbers * 0], axis=1)
    return pixels.astype(np.uint8).reshape(count, 2, 2, 1)


def source(name, counts, first):
    """counts[c] images of each class c, classes in turn as far as they go."""
    labels = np.concatenate([np.full(count, label) for label, count in enumerate(counts)])
    return Samples(name, images(len(labels), first), labels)


REAL = source("real", [40, 10, 20], 0)
MADE = source("made", [100, 100, 100], 1000)
MORE = source("more", [0, 60, 30], 2000)
UNLABELLED = Samples("plain", images(4, 3000), None)


def classes(fused, part=None):
    chosen = slice(None) if part is None else fused.provenance.source == part
    return np.bincount(fused.labels[chosen], minlength=3).tolist()


def test_without_a_choice_everything_is_taken_the_real_first():
    fused = fuse(REAL, [MADE, MORE], held_out=None)
    assert len(fused.samples) == 70 + 300 + 90
    np.testing.assert_array_equal(
        fused.images, np.concatenate([REAL.samples, MADE.samples, MORE.samples])
    )
    assert ((fused.provenance.source > 0) == (np.arange(460) >= 70)).all()


def test_a_ratio_keeps_the_shares_of_the_real_classes():
    fused = fuse(REAL, [MADE], ratio=0.5, held_out=None)
    assert classes(fused, 0) == [40, 10, 20] and classes(fused, 1) == [20, 5, 10]
    assert fused.report["short"] == 0


def test_sources_give_the_same_as_far_as_they_have_it():
    fused = fuse(REAL, [MADE, MORE], balance="largest", held_out=None)
    assert classes(fused) == [40, 40, 40]
    assert classes(fused, 1) == [0, 15, 10] and classes(fused, 2) == [0, 15, 10]
    fused = fuse(REAL, [MADE, MORE], ratio=2.0, held_out=None)
    assert classes(fused, 1) == [80, 10, 20] and classes(fused, 2) == [0, 10, 20]


def test_no_sample_is_repeated_and_shortage_is_told():
    fused = fuse(REAL, [MORE], balance=80, held_out=None)
    assert classes(fused) == [40, 70, 50]
    assert fused.report["short"] == 40 + 10 + 30
    assert [row["asked"] for row in fused.report["classes"]] == [40, 70, 60]
    assert len({image.tobytes() for image in fused.images}) == len(fused.images)


def test_adaptive_gives_most_to_the_class_with_the_worst_validation_recall():
    fused = fuse(
        REAL, [MADE], ratio=1.0, balance="adaptive", recalls=[0.9, 0.6, 1.0], held_out=None
    )
    assert classes(fused, 1) == [14, 56, 0]
    twice = fuse(REAL, [MADE], balance="adaptive", recalls=[0.9, 0.6, 1.0], held_out=None)
    assert classes(twice, 1) == [14, 56, 0]  # as many as real ones where no ratio is given


def test_the_draw_depends_on_the_seed_alone_and_grows_with_the_ratio():
    def drawn(ratio, seed):
        fused = fuse(REAL, [MADE], ratio=ratio, seed=seed, held_out=None)
        return set(fused.provenance.index[70:].tolist())

    assert drawn(0.5, 0) == drawn(0.5, 0) != drawn(0.5, 1)
    assert drawn(0.5, 0) < drawn(1.0, 0)


def test_every_sample_can_be_traced_to_its_source():
    kept = MORE.take(np.arange(0, 90, 3))  # a filter took two of three out
    sources = [REAL, MADE, kept]
    fused = fuse(REAL, [MADE, kept], ratio=1.0, held_out=None)
    assert fused.provenance.names == ("real", "made", "more")
    for sample, label, number, index in zip(
        fused.samples, fused.labels, fused.provenance.source, fused.provenance.index, strict=True
    ):
        position = np.flatnonzero(sources[number].indices == index)
        assert len(position) == 1
        np.testing.assert_array_equal(sample, sources[number].samples[position[0]])
        assert label == sources[number].labels[position[0]]
    assert set(fused.provenance.index[fused.provenance.source == 2].tolist()) <= set(
        range(0, 90, 3)
    )


def test_rows_of_numbers_without_labels():
    generator = np.random.default_rng(0)
    real = Samples("table", generator.normal(size=(8, 3)), None)
    made = Samples("made", generator.normal(size=(20, 3)), None)
    fused = fuse(
        real, [made], ratio=0.25, held_out=HeldOut.of_parts(test=generator.normal(size=(4, 3)))
    )
    assert fused.samples.shape == (10, 3) and fused.labels is None


def dataset():
    parts = [ImageSplit(images(30, first), np.arange(30) % 3) for first in (0, 5000, 6000)]
    return ImageDataset("made", *parts, ("a", "b", "c"))


@pytest.mark.parametrize("part", ["validation", "test"])
@pytest.mark.parametrize("planted_in", ["real", "synthetic"])
def test_one_held_out_sample_is_refused_wherever_it_hides(part, planted_in):
    data = dataset()
    real, made = REAL, MADE
    leaked = getattr(data, part).images[[17]]
    host = real if planted_in == "real" else made
    samples = host.samples.copy()
    samples[5] = leaked[0]
    planted = Samples(host.name, samples, host.labels)
    real, made = (planted, made) if planted_in == "real" else (real, planted)
    fuse(REAL, [MADE], held_out=HeldOut.of(data))  # without the planted one all is well
    message = rf"{host.name} holds 1 samples of the validation or test data \(5 is {part}\[17\]\)"
    with pytest.raises(InputError, match=message):
        fuse(real, [made], ratio=0.0, held_out=HeldOut.of(data))  # even if it would not be drawn


def test_a_caller_has_to_say_what_is_held_out():
    with pytest.raises(TypeError, match="held_out"):
        fuse(REAL, [MADE])


@pytest.mark.parametrize(
    ("real", "synthetic", "choices", "message"),
    [
        (REAL, UNLABELLED, {}, "plain without labels, real with"),
        (UNLABELLED, REAL, {}, "real with labels, plain without"),
        (REAL, MADE, {"ratio": -1}, "ratio -1"),
        (REAL, MADE, {"ratio": float("nan")}, "ratio nan"),
        (REAL, MADE, {"ratio": 1.0, "balance": "largest"}, "one of the two"),
        (UNLABELLED, UNLABELLED, {"balance": "largest"}, "balance largest without labels"),
    ],
)
def test_what_cannot_be_is_refused_in_words(real, synthetic, choices, message):
    with pytest.raises(InputError, match=message):
        fuse(real, [synthetic], held_out=None, **choices)


@pytest.mark.parametrize("labelled", [True, False])
def test_a_file_trains_on_the_mixture_and_tests_on_real_images(tmp_path, labelled):
    data, real, made = dataset(), REAL, MADE
    if not labelled:
        parts = (ImageSplit(part.images, None) for part in data.splits.values())
        data = ImageDataset("real", *parts, ())
        real, made = (dataclasses.replace(part, labels=None) for part in (REAL, MADE))
    fused = fuse(real, [made], ratio=0.5, held_out=HeldOut.of(data))
    path = tmp_path / "new" / "fused.npz"
    save_fused(path, fused, data, {"command": "made by a test"})
    loaded = load_images(f"npz:{path}")
    np.testing.assert_array_equal(loaded.train.images, fused.images)
    for part in ("validation", "test"):
        expected, found = getattr(data, part), getattr(loaded, part)
        np.testing.assert_array_equal(found.images, expected.images)
        assert not labelled or found.labels.tolist() == expected.labels.tolist()
    assert loaded.class_names == data.class_names
    with np.load(path, allow_pickle=False) as read:
        np.testing.assert_array_equal(read["source"], fused.provenance.source)
        np.testing.assert_array_equal(read["index"], fused.provenance.index)
        assert read["source_names"].tolist() == ["real", "made"]
        assert not labelled or read["labels"].tolist() == fused.labels.tolist()
    report = json.loads(path.with_suffix(".json").read_text())
    assert report["command"] == "made by a test" and report["file"] == "fused.npz"
    assert report["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert report["fusion"] == json.loads(json.dumps(fused.report, allow_nan=False))
    assert report["fusion"]["ratio"] == 0.5 and report["fusion"]["guarded"] is True
    assert [part["count"] for part in report["fusion"]["sources"]] == [70, 35]
    for place, message in (
        (path, r"fused\.npz exists"),
        (tmp_path / "new" / "a", r"ends in \.npz"),
        (tmp_path / "b.npz", r"b\.json exists"),
    ):
        (tmp_path / "b.json").write_text("mine")
        with pytest.raises(InputError, match=message):
            check_file(str(place))
    assert check_file(str(tmp_path / "other.npz")).name == "other.npz"
