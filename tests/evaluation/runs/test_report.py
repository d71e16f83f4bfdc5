"""The table of runs on hand-made run directories."""

import json

import pytest

from evaluation.config import RunsSettings
from evaluation.runs.report import compare_runs, spread
from foundation.errors import InputError


def made_run(path, seed, value, epochs=2, real=0.9, data="mnist", asked=20):
    path.mkdir()
    settings = {"variant": "corrected", "epochs": asked, "seed": seed, "data": f"folder:{path}"}
    config = {"kind": "gan", "settings": settings | {"out": str(path)}, "data_sha256": data}
    (path / "config.json").write_text(json.dumps(config))
    rows = "".join(f"{epoch},60\n" for epoch in range(1, epochs + 1))
    (path / "history.csv").write_text(f"epoch,seconds\n{rows}")
    metrics = {
        "recall": {"value": value, "real": real},
        "class_shares": {"value": [0.5], "real": [0.5]},
        "class_confirmed": {"value": None, "reason": "no labels"},
    }
    report = {"data": data, "data_sha256": data, "split": "test", "synthetic_count": 100}
    (path / "metrics.json").write_text(json.dumps(report | {"metrics": metrics}))
    return str(path)


def compared(*runs):
    return compare_runs(RunsSettings(runs=runs))["columns"]


def test_seeds_share_a_column_and_recipes_do_not(tmp_path, capsys):
    """The trained epochs count, not those asked for; where the data lay is no recipe."""
    runs = (
        made_run(tmp_path / "a", 0, 0.5, asked=10),
        made_run(tmp_path / "b", 1, 0.7, asked=20),
        made_run(tmp_path / "c", 0, 0.8, epochs=9),
    )
    columns = compared(*runs)
    assert [column["seeds"] for column in columns] == [[0, 1], [0]]
    assert [column["metrics"] for column in columns] == [{"recall": [0.5, 0.7]}, {"recall": [0.8]}]
    table = capsys.readouterr().out
    titles = "| metric | corrected, 2 epochs | corrected, 9 epochs | real against real |"
    assert titles in table
    assert "| recall | 0.6 ± 0.14 | 0.8 | 0.9 |" in table
    assert "| minutes of training | 2 ± 0 | 9 | |" in table and "| data |" not in table


def test_other_data_have_another_column_and_real_figures_of_their_own(tmp_path, capsys):
    runs = (
        made_run(tmp_path / "a", 0, 0.5),
        made_run(tmp_path / "b", 0, 0.6, real=0.8, data="fashion_mnist"),
    )
    assert [column["data"] for column in compared(*runs)] == ["mnist", "fashion_mnist"]
    table = capsys.readouterr().out
    assert "| metric | corrected, 2 epochs | real against real | corrected, 2 epochs | " in table
    assert "| data | mnist | | fashion_mnist | |" in table
    assert "| recall | 0.5 | 0.9 | 0.6 | 0.8 |" in table
    assert len({line.count("|") for line in table.splitlines()}) == 1


def test_a_run_counts_once_and_real_figures_that_differ_have_a_spread(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    first, second = (made_run(tmp_path / n, i, 0.5, real=0.8 + 0.1 * i) for i, n in enumerate("ab"))
    (column,) = compared("a", second, first, "./b/../a")
    assert column["runs"] == ["a", second] and column["seeds"] == [0, 1]
    assert "| recall | 0.5 ± 0 | 0.85 ± 0.071 |" in capsys.readouterr().out


def test_text_runs_show_their_scores(tmp_path, capsys):
    runs = []
    for seed, nats in enumerate((1.4, 1.5)):
        runs.append(made_run(tmp_path / str(seed), seed, 0.3))
        settings = {"layers": 2, "units": 512, "seed": seed, "data": "shakespeare"}
        config = {"kind": "text", "settings": settings, "data_sha256": "x"}
        (tmp_path / str(seed) / "config.json").write_text(json.dumps(config))
        score = {"carried": nats, "windows": None, "ngram": 1.52}
        chosen = {"split": "contiguous", "sample_characters": 9, "temperature": 1.0, "windows": 4}
        report = {"data": "shakespeare", "data_sha256": "x", "scores": {"test": score}, **chosen}
        metrics = {"longest_loop": {"value": 12, "real": 9}}
        path = tmp_path / str(seed) / "metrics.json"
        path.write_text(json.dumps(report | {"metrics": metrics}))
    (column,) = compared(*runs)
    assert column["metrics"]["nats carried, test"] == [1.4, 1.5]
    table = capsys.readouterr().out
    assert "LSTM 2 × 512, 2 epochs" in table
    assert "| nats carried, test | 1.45 ± 0.071 | – |" in table
    assert "| longest loop | 12 ± 0 | 9 |" in table
    assert "windows" not in table


def without(name):
    """A damage that takes one key out of the JSON."""
    return lambda text: json.dumps({k: v for k, v in json.loads(text).items() if k != name})


@pytest.mark.parametrize(
    ("file", "damage", "named"),
    [
        ("metrics.json", lambda text: text[:-5], "JSONDecodeError"),
        ("metrics.json", lambda text: "[]", "AttributeError"),
        ("metrics.json", lambda text: '{"metrics": []}', "TypeError"),
        ("metrics.json", without("data_sha256"), "'data_sha256'"),
        ("metrics.json", lambda text: text.replace('"real"', '"unreal"'), "'real'"),
        ("config.json", without("settings"), "'settings'"),
        ("config.json", lambda text: text.replace('"seed"', '"seeds"'), "'seed'"),
        ("history.csv", lambda text: "epoch,seconds\n", "IndexError"),
        ("history.csv", lambda text: text + "3,", "ValueError"),
        ("metrics.json", None, "an evaluated run"),
    ],
)
def test_damaged_files_are_an_input_error_that_names_them(tmp_path, file, damage, named):
    run = made_run(tmp_path / "a", 0, 0.5)
    path = tmp_path / "a" / file
    if damage is None:
        path.unlink()
    else:
        path.write_text(damage(path.read_text()))
    with pytest.raises(InputError, match=file) as caught:
        compared(run)
    assert named in str(caught.value)


def test_spread():
    assert spread([]) == "–" and spread([0.12345]) == "0.1235"
    assert spread([1.0, 2.0, 3.0]) == "2 ± 1"
