"""RUN/model: whole, named by hash, refused if changed; and a generator of one's own, read back."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from foundation.errors import InputError
from foundation.files import write_json
from training import stored
from training.generator import Density, Generator, balanced_labels, check_labels
from training.stored import load_arrays, load_run, read_description, save_generator

ARRAYS = {"a": np.arange(6.0).reshape(2, 3), "b": np.array([True, False]), "c": np.array(3)}


def save(run, arrays=ARRAYS, **about):
    save_generator(run, SimpleNamespace(arrays=lambda: arrays, describe=dict), **about)


def test_arrays_come_back_by_name_with_shape_and_type_and_replace_the_old_ones(tmp_path):
    save(tmp_path, {"old": np.zeros(2)})
    save(tmp_path, model="x")
    assert len(list((tmp_path / "model").glob("*.npz"))) == 1
    description = read_description(tmp_path)
    assert description["model"] == "x"
    found = load_arrays(tmp_path, description)
    assert list(found) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert np.array_equal(found[name], array) and found[name].dtype == array.dtype


def test_a_changed_or_missing_file_is_refused(tmp_path):
    save(tmp_path)
    path = next((tmp_path / "model").glob("*.npz"))
    content = path.read_bytes()
    for damage in (lambda: path.write_bytes(content[:-1] + b"?"), path.unlink):
        damage()
        with pytest.raises(InputError, match="missing or damaged"):
            load_arrays(tmp_path, read_description(tmp_path))


def test_a_pickled_object_is_not_read(tmp_path):
    save(tmp_path, {"a": np.array([{}], dtype=object)})
    with pytest.raises(ValueError, match="allow_pickle"):
        load_arrays(tmp_path, read_description(tmp_path))


@pytest.mark.parametrize("content", ['{"weights": "x"}', "[]", "{"])
def test_a_description_without_its_keys_is_refused(tmp_path, content):
    save(tmp_path)
    (tmp_path / "model" / "model.json").write_text(content)
    with pytest.raises(InputError, match="is damaged"):
        read_description(tmp_path)


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


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A run directory of a family that this test adds."""
    families = {**stored.FAMILIES, "levels": ("tests:Levels.restore", "levels-{model}")}
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
    assert load_run(run, "gan", "levels").name == "levels-grey"
    with pytest.raises(InputError, match="holds a run of levels; a run of gan or text"):
        load_run(run, "gan", "text")


@pytest.mark.parametrize(
    ("file", "key"), [("model/model.json", "size"), ("config.json", "settings")]
)
def test_files_that_do_not_describe_the_model_are_refused(run, file, key):
    content = json.loads((run / file).read_text())
    changed = {"settings": {"seed": 0}} if key == "settings" else {key: [3]}
    (run / file).write_text(json.dumps(content | changed))
    with pytest.raises(InputError, match="whose files do not describe its model"):
        load_run(run)
    del content[key]
    (run / file).write_text(json.dumps(content))
    with pytest.raises(InputError, match="KeyError"):
        load_run(run)
