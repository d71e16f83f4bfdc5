"""What the generate commands write, with generators made by hand."""

import csv
import hashlib

import numpy as np
import pytest

from data.synthetic.reading import read_generated
from data.synthetic.writing import new_samples, show_texts
from data.tables.dataset import DIGITS, Column, Table
from foundation.errors import InputError


def grey(start, count):
    """Image i is of the level i; its label is odd or even."""
    levels = np.arange(start, start + count)
    return np.repeat(levels.astype(np.uint8), 6).reshape(count, 2, 3, 1), levels % 2


def rows_of(directory) -> list[dict]:
    with open(directory / "manifest.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("form", ["npz", "png", "tfrecord"])
def test_images_are_written_in_batches_and_shards_and_read_back(tmp_path, form):
    with new_samples(tmp_path / "out", "made", "RUN", 7, quiet=True) as samples:
        samples.images(grey, 10, form, batch_size=3, shard_size=4)
    source = read_generated(tmp_path / "out")  # checks every hash
    assert source.samples[:, 0, 0, 0].tolist() == list(range(10))
    assert source.labels.tolist() == [0, 1] * 5
    (row, *_) = rows_of(tmp_path / "out")
    assert (row["index"], row["generator"], row["run"], row["seed"]) == ("0", "made", "RUN", "7")
    shards = [f"images-{number:05d}-of-00003.{form}" for number in range(3)]
    names = [f"{number:06d}.png" for number in range(10)] if form == "png" else shards
    assert sorted(path.name for path in (tmp_path / "out").glob(f"*.{form}")) == names


def test_images_without_labels_have_none(tmp_path):
    with new_samples(tmp_path / "out", "made", "RUN", 0, quiet=True) as samples:
        samples.images(lambda *which: (grey(*which)[0], None), 3, "npz", 2, 10)
    assert read_generated(tmp_path / "out").labels is None
    assert [row["label"] for row in rows_of(tmp_path / "out")] == [""] * 3


def test_a_text_and_a_series_have_a_file_each(tmp_path):
    with new_samples(tmp_path / "texts", "made", "RUN", 0, quiet=True) as samples:
        assert samples.texts(["one", "twö"]) == 6
    for row, text in zip(rows_of(tmp_path / "texts"), ("one", "twö"), strict=True):
        file = tmp_path / "texts" / f"{int(row['index']):06d}.txt"
        assert file.read_text(encoding="utf-8") == text
        assert row["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    with new_samples(tmp_path / "series", "made", "RUN", 0, quiet=True) as samples:
        columns = (Column("a", decimals=DIGITS + 1), Column("b", ("off", "on")))
        samples.series([Table(columns, np.array([[0.1, 1.0], [1 / 3, 0.0]]))])
    content = (tmp_path / "series" / "000000.csv").read_text()
    assert content == f"a,b\n0.1,on\n{1 / 3!r},off\n"


def test_what_ends_early_leaves_nothing_and_what_is_in_use_stays(tmp_path):
    def stopping(start, count):
        if start:
            raise KeyboardInterrupt
        return grey(start, count)

    out = new_samples(tmp_path / "out", "made", "RUN", 0, quiet=True)
    with pytest.raises(KeyboardInterrupt), out as samples:
        samples.images(stopping, 10, "png", batch_size=3, shard_size=100)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="is not empty"), new_samples(tmp_path, "made", "RUN", 0):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_texts_on_the_screen_have_a_line_above_each_if_there_are_several(capsys):
    assert show_texts(["xy"], 1, prime="ab") == 2
    assert capsys.readouterr().out == "abxy\n"
    assert show_texts(["xy", "z"], 2) == 3
    assert capsys.readouterr().out == "=== stream 1 of 2\nxy\n=== stream 2 of 2\nz\n"
