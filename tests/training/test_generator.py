"""Labels of samples, and a generator of one's own: sampled, stored and read back."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from foundation.errors import InputError
from foundation.files import write_json
from training import stored
from training.finished import save_generator
from training.generator import (
    Density,
    Generator,
    balanced_labels,
    check_label_flags,
    check_labels,
    fit_in_memory,
    labelled_samples,
    labels_by_share,
    usual_labels,
)
from training.stored import load_run


class Levels:
    """Of no package of this project: grey images, each of its class's level."""

    kind = "images"

    def __init__(self, levels: np.ndarray):
        self.levels, self.num_classes = levels, len(levels)

    def sample(self, seed, start, count, labels=None):
        labels = check_labels(self.num_classes, count, labels)
        return np.broadcast_to(self.levels[labels][:, None, None, None], (count, 2, 2, 1))

    def describe(self):
        return {"size": [2, 2, 1]}

    def arrays(self):
        return {"levels": self.levels}

    @classmethod
    def restore(cls, description, arrays):
        if description["size"] != [2, 2, 1]:
            raise ValueError("another size")
        return cls(arrays["levels"])


LEVELS = Levels(np.array([10, 20, 30], np.uint8))
UNLABELLED = SimpleNamespace(kind="images", num_classes=0)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A run directory of a family that this test adds."""
    families = {**stored.FAMILIES, "levels": (f"{__name__}:Levels.restore", "levels-{model}")}
    monkeypatch.setattr(stored, "FAMILIES", families)
    monkeypatch.setattr(stored, "load_quietly", lambda _: Levels.restore)
    config = {"kind": "levels", "settings": {"seed": 0, "model": "grey"}, "data_sha256": "0" * 64}
    write_json(tmp_path / "config.json", config)
    save_generator(tmp_path, LEVELS, model="grey")
    return tmp_path


def test_a_class_of_ones_own_keeps_the_protocol_and_is_read_back(run):
    assert isinstance(LEVELS, Generator) and not isinstance(LEVELS, Density)
    found = load_run(run)
    assert found.name == "levels-grey" and found.run == run
    assert found.description["model"] == "grey" and found.config["kind"] == "levels"
    labels = balanced_labels(found.generator, 1, 4)
    assert found.generator.sample(0, 1, 4, labels)[:, 0, 0, 0].tolist() == [20, 30, 10, 20]


def test_only_the_families_that_are_asked_for_are_read(run):
    assert load_run(run, "gan", "levels").name == "levels-grey"
    with pytest.raises(InputError, match="holds a run of levels; a run of gan or text"):
        load_run(run, "gan", "text")


@pytest.mark.parametrize(
    ("file", "key", "named"),
    [("model/model.json", "size", "KeyError"), ("config.json", "settings", "KeyError")],
)
def test_files_that_do_not_describe_the_model_are_refused(run, file, key, named):
    content = json.loads((run / file).read_text())
    changed = {"settings": {"seed": 0}} if key == "settings" else {key: [3]}
    (run / file).write_text(json.dumps(content | changed))
    with pytest.raises(InputError, match="whose files do not describe its model"):
        load_run(run)
    del content[key]
    (run / file).write_text(json.dumps(content))
    with pytest.raises(InputError, match=named):
        load_run(run)


def test_labels_are_those_that_are_asked_for():
    images, labels = labelled_samples(LEVELS, 0, None, False, 2, 3)
    assert labels.tolist() == [2, 0, 1] and images[:, 0, 0, 0].tolist() == [30, 10, 20]
    assert labelled_samples(LEVELS, 0, 1, False, 2, 3)[1].tolist() == [1, 1, 1]
    assert balanced_labels(UNLABELLED, 0, 3) is usual_labels(UNLABELLED, 0, 0, 3) is None


def test_rows_have_the_labels_of_the_training_rows_unless_balance_is_asked_for():
    rows = SimpleNamespace(kind="table", num_classes=2, class_shares=np.array([0.1, 0.9]))
    rows.sample = lambda seed, start, count, labels: labels
    usual, labels = labelled_samples(rows, 3, None, False, 0, 100)
    assert np.array_equal(usual, labels) and 8 <= (labels == 0).sum() <= 12
    assert np.array_equal(labels, labels_by_share(rows.class_shares, 3, 0, 100))
    assert labelled_samples(rows, 3, None, True, 0, 4)[1].tolist() == [0, 1, 0, 1]


def test_labels_by_share_depend_on_seed_and_index_only():
    shares = np.array([0.2, 0.0, 0.8])
    labels = labels_by_share(shares, 3, 0, 4000)
    for part in (labels, labels[:100], labels[777:877]):
        counts = np.bincount(part, minlength=3)
        assert np.abs(counts - shares * len(part)).max() <= 3 and counts[1] == 0
    assert np.array_equal(labels[490:530], labels_by_share(shares, 3, 490, 40))
    assert not np.array_equal(labels, labels_by_share(shares, 4, 0, 4000))
    assert labels_by_share(None, 0, 0, 5) is None


@pytest.mark.parametrize(
    ("classes", "labels", "message"),
    [
        (3, None, "labels missing for a generator of 3 classes"),
        (0, [0, 0], "labels given for a generator of 0 classes"),
        (3, [0], r"integers of shape \(2,\)"),
        (3, [0.0, 1.0], "labels float64"),
        (3, [0, 3], "labels from 0 to 3; from 0 to 2"),
        (3, [-1, 0], "labels from -1 to 0; from 0 to 2"),
    ],
)
def test_wrong_labels_are_named(classes, labels, message):
    with pytest.raises(ValueError, match=message):
        check_labels(classes, 2, None if labels is None else np.array(labels))


def test_right_labels_come_back_as_int64():
    assert check_labels(3, 2, np.array([0, 2], np.uint8)).dtype == np.int64
    assert check_labels(0, 2, None) is None


@pytest.mark.parametrize(
    ("generator", "label", "balanced", "message"),
    [
        (UNLABELLED, 1, False, "--label 1 with RUN, which was trained without labels"),
        (UNLABELLED, None, True, "--balanced with RUN, which was trained without labels"),
        (LEVELS, 3, False, "--label 3; 0 to 2"),
    ],
)
def test_flags_that_a_run_cannot_follow_are_refused(generator, label, balanced, message):
    with pytest.raises(InputError, match=message):
        check_label_flags(generator, "RUN", label, balanced)
    check_label_flags(LEVELS, "RUN", 2, False)
    check_label_flags(UNLABELLED, "RUN", None, False)


def test_a_fit_in_memory_starts_trains_and_ends(monkeypatch):
    done = []
    learner = SimpleNamespace(start=lambda: done.append("start"), generator=lambda: LEVELS)
    monkeypatch.setattr("training.loop.train_in_memory", lambda *given: done.append(given))
    assert fit_in_memory(learner, 7) is LEVELS
    assert done == ["start", (learner, 7)]
