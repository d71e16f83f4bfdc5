"""`augment text`: every line on its own, the same bytes again, and errors in one line."""

import csv
import hashlib
import json
import os
import threading

import pytest

import run
from augmentation.config import TextSettings
from augmentation.recipes.tables import FOLDER
from augmentation.texts.apply import apply, read_lines
from augmentation.texts.recipe import load_text_recipe, read_text_recipe
from foundation.errors import InputError

LINES = [
    "The quality of mercy is not strained,",
    "",
    "床前明月光",
    "疑是地上霜",
    "e\u0301te\u0301 🙂🙂",
]


def settings(tmp_path, out="out", **more):
    path = tmp_path / "text.txt"
    if not path.exists():
        path.write_text("\n".join(LINES) + "\n", encoding="utf-8")
    given = {"data": f"file:{path}", "out": str(tmp_path / out), "quiet": True}
    return TextSettings.resolve(given | more)


def test_each_copy_is_the_recipe_on_each_line(tmp_path):
    result = apply(settings(tmp_path, copies=2, seed=3))
    recipe = load_text_recipe("text_noise")
    lines = list(read_lines(settings(tmp_path)))
    assert result["files"] == ["copy-0001.txt", "copy-0002.txt"] and result["lines"] == 5
    for copy, name in enumerate(result["files"]):
        written = (tmp_path / "out" / name).read_text(encoding="utf-8")
        assert written == "".join(
            recipe(line, 3, copy, index) + "\n" for index, line in enumerate(lines)
        )
    with open(tmp_path / "out" / "manifest.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["file"] for row in rows] == result["files"]
    assert [int(row["changed_lines"]) for row in rows] == result["changed_lines"]
    for row in rows:
        data = (tmp_path / "out" / row["file"]).read_bytes()
        assert row["sha256"] == hashlib.sha256(data).hexdigest()
    stored = load_text_recipe(tmp_path / "out" / "recipe.toml")
    assert stored == recipe
    kept = json.loads((tmp_path / "out" / "augment.json").read_text(encoding="utf-8"))
    assert kept["seed"] == 3 and read_text_recipe(kept["recipe"]) == recipe
    assert all("probability" in step for step in kept["recipe"]["steps"])  # every field


def test_a_recipe_is_read_once_so_it_may_come_through_a_pipe(tmp_path):
    path = tmp_path / "recipe.toml"
    os.mkfifo(path)
    content = (FOLDER / "text_noise.toml").read_bytes()
    writer = threading.Thread(target=path.write_bytes, args=(content,))
    writer.start()
    apply(settings(tmp_path, recipe=str(path)))
    writer.join()
    assert (tmp_path / "out" / "recipe.toml").read_bytes() == content


def test_what_is_wrong_is_said_and_nothing_is_left(tmp_path, capsys):
    with pytest.raises(InputError, match="does not exist"):
        apply(settings(tmp_path, data=f"file:{tmp_path / 'nowhere'}"))
    with pytest.raises(InputError, match="mnist_affine"):
        apply(settings(tmp_path, recipe="mnist_affine"))
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9 \xff\n" * 9)
    with pytest.raises(InputError, match=r"latin\.txt"):
        apply(settings(tmp_path, data=f"file:{tmp_path / 'latin.txt'}"))
    assert not (tmp_path / "out").exists()
    words = ["augment", "text", "--data", "file:nowhere", "--out", str(tmp_path / "out")]
    assert run.main(words) == 2
    assert capsys.readouterr().err.startswith("error: nowhere does not exist")
