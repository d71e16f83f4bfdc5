"""tiny-shakespeare: downloaded under its hash, or told what to do."""

import sys
import types

import pytest

from data.downloads import keras_cache
from data.texts.load import load_text
from data.texts.sources import tiny_shakespeare
from foundation.errors import InputError

CACHED = keras_cache() / tiny_shakespeare.FILE
needs_tiny_shakespeare = pytest.mark.skipif(
    not CACHED.is_file(), reason=f"{CACHED} is absent, and no test downloads it"
)


@needs_tiny_shakespeare
def test_tiny_shakespeare_has_the_published_counts():
    corpus = load_text("tiny_shakespeare")
    assert corpus.vocabulary.size == 66
    assert corpus.train.shape == (1, 1_003_854)
    assert corpus.validation.size + corpus.test.size == 111_540
    assert corpus.changes == {}
    assert corpus.vocabulary.decode(corpus.train[0, :14]) == "First Citizen:"


def keras_whose_get_file(get_file):
    return types.SimpleNamespace(utils=types.SimpleNamespace(get_file=get_file))


def test_tiny_shakespeare_is_downloaded_under_its_hash(tmp_path, monkeypatch):
    def get_file(name, origin, file_hash):
        assert origin.startswith("https://") and origin.endswith(name)
        assert file_hash == tiny_shakespeare.SHA256
        (tmp_path / name).write_text("ab" * 50)
        return str(tmp_path / name)

    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "shakespeare.txt").write_text("another file of that name")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setitem(sys.modules, "keras", keras_whose_get_file(get_file))
    assert load_text("tiny_shakespeare").train.size == 90


def test_tiny_shakespeare_without_a_network_says_what_to_do(tmp_path, monkeypatch):
    def get_file(name, origin, file_hash):
        raise Exception(f"URL fetch failure on {origin}: None -- no route to host")

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setitem(sys.modules, "keras", keras_whose_get_file(get_file))
    with pytest.raises(InputError, match=r"tiny_shakespeare could not.*--data shakespeare, which"):
        load_text("tiny_shakespeare")
