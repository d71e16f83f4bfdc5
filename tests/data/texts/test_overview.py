"""`data inspect` of a text."""

import json

import numpy as np
import pytest
from PIL import Image

from data.command import inspect
from data.config import InspectSettings
from data.texts.overview import shown
from foundation.errors import InputError


@pytest.fixture
def text_file(tmp_path):
    path = tmp_path / "my text $x^ 漢.txt"
    path.write_bytes(("Ünï 山山 $\t\r\n" * 45 + "z\r\n" * 10).encode("gb18030"))
    return path


def test_inspect_counts_and_draws_a_text(text_file, tmp_path, capsys):
    out = tmp_path / "out"
    settings = InspectSettings(f"file:{text_file}", out=str(out), encoding="gb18030")
    result = inspect(settings)
    json.dumps(result, allow_nan=False)
    count = 45 * 10 + 10 * 2  # characters after cleaning
    train = int(0.9 * count)
    validation = (count - train) // 2
    test = count - train - validation
    assert result["parts"] == {
        "train": {"characters": train, "different": 8, "unknown": 0},
        "validation": {"characters": validation, "different": 8, "unknown": 0},
        "test": {"characters": test, "different": 4, "unknown": 10},  # " $\t\n"; z
    }
    assert result["vocabulary_size"] == 9
    assert result["changes"] == {"line ends changed to newlines": 55}
    assert result["first_lines"][:2] == ["Ünï 山山 $\t"] * 2
    frequent = result["most_frequent"]
    assert {entry["character"] for entry in frequent} == set("Ünï 山$\t\n")
    counts = [entry["count"] for entry in frequent]
    assert counts == sorted(counts, reverse=True) and sum(counts) == train
    assert sum(entry["share"] for entry in frequent) == pytest.approx(1, abs=1e-5)
    printed = capsys.readouterr().out
    assert "newline" in printed and "山" in printed and result["sha256"] in printed
    with Image.open(result["histogram"]) as picture:
        assert picture.size == (1000, 400)
        assert len(np.unique(np.asarray(picture).reshape(-1, 4), axis=0)) > 10
    with pytest.raises(InputError, match="not empty"):
        inspect(settings)


def test_inspect_the_poems(tmp_path, capsys):
    result = inspect(InspectSettings("tang_poems", out=str(tmp_path / "out"), max_characters=5000))
    assert sum(part["characters"] for part in result["parts"].values()) == 5000
    assert result["parts"]["validation"]["unknown"] > 0
    assert len(result["most_frequent"]) == 40
    assert "贈隱者" in capsys.readouterr().out


def test_inspect_a_folder_of_texts_and_one_with_an_image(tmp_path, capsys):
    folder = tmp_path / "folder"
    (folder / "class").mkdir(parents=True)
    (folder / "a.txt").write_text("ab" * 100)
    result = inspect(InspectSettings(f"folder:{folder}", out=str(tmp_path / "out")))
    assert result["parts"]["train"]["characters"] == 180
    (folder / "class" / "a.PNG").write_bytes(b"")
    with pytest.raises(InputError, match="none of 1 files is a readable image"):
        inspect(InspectSettings(f"folder:{folder}", out=str(tmp_path / "out2")))


def test_characters_as_people_can_read_them():
    shown_ones = ["space", "newline", "山", "a", "U+200B", "U+0085"]
    assert [shown(c) for c in " \n山a\u200b\x85"] == shown_ones
    assert shown("山", drawable=False) == "U+5C71"
