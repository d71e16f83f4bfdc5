"""RUN/model of a model that is arrays: whole, named by hash, and refused if changed."""

import json

import numpy as np
import pytest

from foundation.errors import InputError
from training.finished import load_arrays, read_description, save_arrays

ARRAYS = {"a": np.arange(6.0).reshape(2, 3), "b": np.array([True, False]), "c": np.array(3)}


def test_arrays_come_back_by_name_with_shape_and_type(tmp_path):
    save_arrays(tmp_path, ARRAYS, {"model": "x"})
    description = read_description(tmp_path)
    assert description["model"] == "x"
    found = load_arrays(tmp_path, description)
    assert list(found) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert np.array_equal(found[name], array) and found[name].dtype == array.dtype


def test_the_new_model_replaces_the_old_one(tmp_path):
    save_arrays(tmp_path, ARRAYS, {})
    save_arrays(tmp_path, {"a": np.zeros(2)}, {})
    assert len(list((tmp_path / "model").glob("*.npz"))) == 1
    assert list(load_arrays(tmp_path, read_description(tmp_path))) == ["a"]


def test_a_changed_or_missing_file_is_refused(tmp_path):
    save_arrays(tmp_path, ARRAYS, {})
    path = next((tmp_path / "model").glob("*.npz"))
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(InputError, match="missing or damaged"):
        load_arrays(tmp_path, read_description(tmp_path))
    path.unlink()
    with pytest.raises(InputError, match="missing or damaged"):
        load_arrays(tmp_path, read_description(tmp_path))


def test_a_pickled_object_is_not_read(tmp_path):
    save_arrays(tmp_path, {"a": np.array([{}], dtype=object)}, {})
    with pytest.raises(ValueError, match="allow_pickle"):
        load_arrays(tmp_path, read_description(tmp_path))


def test_a_description_without_its_keys_is_refused(tmp_path):
    save_arrays(tmp_path, ARRAYS, {})
    path = tmp_path / "model" / "model.json"
    path.write_text(json.dumps({"weights": "x"}))
    with pytest.raises(InputError, match="damaged \\(no sha256"):
        read_description(tmp_path)
