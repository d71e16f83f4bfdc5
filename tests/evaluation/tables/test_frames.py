"""Tables as a library: DataFrames in, DataFrames of the same dtypes out."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import run
from evaluation.tables.frames import evaluate, fit, sample
from foundation.errors import InputError
from foundation.quiet import retracing_allowed


def people(rows=150, seed=0):
    """A frame of many dtypes, of objects too, with gaps."""
    random = np.random.default_rng(seed)
    some = random.random(rows) < 0.2
    number = random.normal(40, 15, rows).round(1)
    return pd.DataFrame(
        {
            "key": [10**17 + int(v) for v in random.permutation(10**6)[:rows]],
            "whole": random.integers(0, 9, rows),
            "gaps": pd.array(np.where(some, None, random.integers(0, 9, rows)), "Int64"),
            "float": np.where(some, np.nan, number).astype(np.float32),
            "flag": number > 40,
            "maybe": pd.array(np.where(some, None, number > 30), "boolean"),
            "day": pd.Timestamp("2020-01-01") + pd.to_timedelta(random.integers(0, 900, rows), "D"),
            "zoned": pd.date_range("2020", periods=rows, freq="37min", tz="Europe/Paris"),
            "grade": pd.Categorical(random.choice(["lo", "hi"], rows), ["lo", "mid", "hi"], True),
            "text": random.choice(["x", "y", None], rows),
            "objects": pd.Series(random.choice([True, False, None], rows), dtype=object),
            "class": random.choice([1, 2, 3], rows),
        }
    )


@pytest.mark.parametrize("model", ["regression", "interpolation", "inverse_transform", "gmm"])
def test_a_frame_comes_back_with_its_dtypes(model):
    real = people()
    with retracing_allowed():
        fitted = fit(model, real, "class", **({"epochs": 2} if model == "gmm" else {}))
    made = sample(fitted, 200, seed=1)
    assert made.dtypes.to_dict() == real.dtypes.to_dict() and len(made) == 200
    assert made.iloc[50:60].reset_index(drop=True).equals(sample(fitted, 10, 1, start=50))
    assert set(made["key"]).isdisjoint(real["key"]) and made["key"].is_unique
    for name in ("gaps", "float", "maybe", "text", "objects"):
        assert 0 < made[name].isna().mean() < 0.6, name
    assert set(made["objects"].dropna()) == {True, False}
    assert made["day"].between(real["day"].min(), real["day"].max()).all()
    assert set(sample(fitted, 20, label=2)["class"]) == {2}  # the class called 2
    with pytest.raises(InputError, match="label 0; 1, 2, 3; choose"):
        sample(fitted, 20, label=0)


def test_evaluate_takes_frames():
    real, held_out = people(seed=0), people(60, seed=1)
    made = sample(fit("inverse_transform", real, "class"), 120)
    report = evaluate(real, made, held_out, "class", seeds=1)
    assert report["unreadable_rows"] == 0 and report["absent_columns"] == []
    assert report["metrics"]["ks"]["value"] < 0.4 and report["held_out_rows"] == 30


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fit("vae", people()), "one of gmm, interpolation"),
        (lambda: fit("regression", people(), "size"), "target 'size'"),
        (lambda: fit("regression", people().set_axis(range(12), axis=1)), "different texts"),
    ],
)
def test_what_cannot_be_fitted_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_the_readmes_example_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    people(300).to_csv("patients.csv", index=False)
    readme = (Path(run.__file__).parent / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert len(example.splitlines()) <= 10
    exec(example.replace("outcome", "class"))
    assert "ks" in capsys.readouterr().out
