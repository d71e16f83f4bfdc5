"""Tables of real people: a column as it is written, what it is taken for, and what comes back."""

import gzip
import re

import numpy as np
import pytest

from baselines.registry import fit
from data.source import TABLE
from data.synthetic.writing import csv_text, table_lines
from data.tables.columns import Reading
from data.tables.load import load_table
from data.tables.schema.columns import Schema
from foundation.errors import InputError
from tests.baselines.shared import settings_of
from training.generator import usual_labels

ROWS = 200
R = np.random.default_rng(0)
WHOLE, REAL = R.integers(18, 90, ROWS).tolist(), R.normal(40, 15, ROWS).round(1).tolist()
LARGE, SMALL = R.integers(500, 90_000, ROWS).tolist(), R.uniform(-9, 9, ROWS).round(2).tolist()
DAYS = (np.datetime64("2019-03-14") + R.integers(0, 900, ROWS)).astype(str).tolist()
CLOCK = [f"{i % 24:02d}:{i % 60:02d}:07" for i in range(ROWS)]
STAMPS = [f"{day}T{time}" for day, time in zip(DAYS, CLOCK, strict=True)]
ZIPS = [f"{v:05d}" for v in R.choice(99_000, 70)[R.integers(0, 70, ROWS)]]
ISO = r"20(19|20|21)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
WORDS = {"", "oddity", "unknown", "<0.1"}
PEAKED = np.where(R.random(ROWS) < 0.9, R.normal(40, 1, ROWS), R.uniform(8, 80, ROWS)).round(1)
SKEWED = np.exp(R.normal(3, 1, ROWS)).round(2)


def every(number, cells, other=""):
    """The cells, but another one in each so manieth row."""
    return [other if i % number == 1 else cell for i, cell in enumerate(cells)]


def document(cells, delimiter=",", names=("a", "b")):
    """A file of a column, and one of three letters."""
    lines = [list(names), *([str(cell), "xyz"[i % 3]] for i, cell in enumerate(cells))]
    quoted = [[f'"{c}"' if delimiter in c or "\n" in c else c for c in line] for line in lines]
    return "".join(delimiter.join(line) + "\n" for line in quoted)


def load(path, content, target=None, **reading):
    """The data set of a file of this content."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return load_table(f"csv:{path}", target, None, Reading(**reading))


def made(data, model="regression", count=1000, **flags):
    """Columns of cells that a model fitted to the data writes, by name."""
    generator = fit(model, TABLE, data, settings_of(model, **flags))
    table = generator.sample(0, 0, count, usual_labels(generator, 0, 0, count))
    return dict(zip(data.schema.names, zip(*data.schema.rows(table), strict=True), strict=True))


COMMAS = [str(v).replace(".", ",") for v in REAL]
GERMAN = [f"{v + 0.25:,.2f}".translate({44: ".", 46: ","}) for v in LARGE]
TWO_WAYS = document([f"{v},{v:03d}" for v in WHOLE], ";")
QUOTED = document(REAL, ";").replace("a;", '"a, b, c";', 1)
LONG = document(every(3, ["two\nlines"] * ROWS, "x" * 15_000))
CAFE = document(every(3, ["caf\u00e9\u2026"] * ROWS, "x")).encode("cp1252")
BARE = document(REAL).partition("\n")[2]
TRAILING = document(WHOLE).replace("\n", ",\n")


@pytest.mark.parametrize(
    ("cells", "kind", "form"),
    [
        (every(3, [f"{v}.0" for v in WHOLE]), "integer", r"\d\d\.0|"),  # pandas' whole numbers
        (WHOLE, "integer", r"\d\d"),
        (range(18, 18 + ROWS), "integer", r"\d{2,3}"),  # ages or years that rise, each once
        (range(1822, 1822 + ROWS), "integer", r"(18|19|20)\d\d"),
        (R.choice([101, 205, 309], ROWS), "category", "101|205|309"),
        (ZIPS, "category", "|".join(ZIPS)),
        (R.choice([10**17 + 1, 10**17 + 3], ROWS), "category", r"10{16}[13]"),
        (R.choice(["True", "False"], ROWS), "boolean", "True|False"),
        (R.choice([0, 1], ROWS), "boolean", "0|1"),
        (every(40, "ab" * (ROWS // 2), "oddity"), "category", "a|b|oddity"),
        ([f"town {v % 40}" for v in LARGE], "category", r"town \d+"),
        (["k"] * ROWS, "category", "k"),
        ([""] * ROWS, "text", ""),
        (every(2, ["yes"] * ROWS), "category", "yes|"),
        (every(7, WHOLE, "unknown"), "integer", r"\d\d|unknown"),
        (every(25, [f"{abs(v) + 0.1:.2f}" for v in SMALL], "<0.1"), "number", r"\d\.\d\d|<0\.1"),
        (DAYS, "date", ISO),
        ([day.replace("-", "") for day in DAYS], "date", ISO.replace("-(", "(")),
        ([stamp.replace("T", " ") for stamp in STAMPS], "date", ISO + r" \d\d:\d\d:\d\d"),
        ([f"{stamp}.250Z" for stamp in STAMPS], "date", ISO + r"T\d\d:\d\d:\d\d\.\d{3}Z"),
        ([f"{d[8:]}.{d[5:7]}.{d[:4]}" for d in DAYS], "date", r"[0-3]\d\.[01]\d\.20\d\d"),
        ([f"{int(d[5:7])}/{int(d[8:])}/{d[:4]}" for d in DAYS], "date", r"1?\d/[123]?\d/20\d\d"),
        ([day[:7] for day in DAYS], "date", r"20(19|20|21)-(0[1-9]|1[0-2])"),
        ([f"{v:,}" for v in LARGE], "integer", r"\d{1,3}(,\d{3})?"),
        ([f"${v + 0.5:,.2f}" for v in LARGE], "number", r"\$\d{1,3}(,\d{3})?\.\d\d"),
        ([f"${v}" for v in WHOLE], "integer", r"\$\d\d"),
        ([f"{v}%" for v in WHOLE], "integer", r"\d\d%"),
        ([f"{v} kg" for v in REAL], "number", r"-?\d+(\.\d)? kg"),
        ([f"{v:,}".replace(",", "\u00a0") for v in LARGE], "integer", "\\d{1,3}(\u00a0\\d{3})?"),
        ([f"({-v:.2f})" if v < 0 else f"{v:.2f}" for v in SMALL], "number", r"\(?\d\.\d\d\)?"),
        (COMMAS, "number", r"-?\d+(,\d)?"),
        ([f"{v * 1e-20:.3e}" for v in REAL], "number", r"-?\d\.\d{3}e-\d\d"),
    ],
)
def test_a_column_comes_back_as_it_is_written(tmp_path, cells, kind, form):
    data = load(tmp_path / "a.csv", document(cells))
    assert data.schema.fields[0].codec.kind == kind
    assert Schema.restore(data.schema.describe()) == data.schema
    assert not [cell for cell in made(data)["a"] if not re.fullmatch(form, cell)]
    assert WORDS & {*map(str, cells)} <= {*made(data, "inverse_transform", 3000)["a"]}


@pytest.mark.parametrize(
    ("cells", "name", "form"),
    [
        (range(ROWS), "", r"\d{3,4}"),  # as pandas writes its index
        (LARGE[::-1], "patient_id", r"\d{5,6}"),
        ([f"P{v:03d}" for v in R.permutation(ROWS)], "a", r"P\d{3,4}"),
        ([f"{v}" for v in R.integers(10**17, 10**18, ROWS)], "a", r"\d{18,19}"),
        ([f"person {i}" for i in range(ROWS)], "a", r"person \d+"),
        ([f"{v:012x}-4" for v in R.integers(0, 2**48, ROWS)], "a", "[0-9a-f]{12,13}-4"),
    ],
)
def test_ids_are_given_anew(tmp_path, cells, name, form):
    cells = list(dict.fromkeys(map(str, cells)))
    data = load(tmp_path / "a.csv", document(cells, names=(name, "b")))
    assert data.schema.fields[0].codec.kind == "id"
    found = made(data)[name]
    assert len({*found}) == len(found) == 1000 and not {*found} & {*cells}
    assert not [cell for cell in found if not re.fullmatch(form, cell)]


def test_text_is_never_copied_and_is_told(tmp_path):
    names = ["Ann Christine Bob "[v % 15 :] + str(v * v)[v % 3 :] * (v % 2) for v in LARGE]
    data = load(tmp_path / "a.csv", document([f"{name} {v:x}" for v, name in zip(LARGE, names)]))  # noqa: B905
    (types,) = (step for step in data.steps if step.name == "types")
    assert types.told.endswith("text, not learnt, given back empty: a")
    assert {*made(data)["a"]} == {""}


@pytest.mark.parametrize(
    ("content", "reading", "names", "cells"),
    [
        (document(every(9, LARGE), "\t", ("a, x", "b")), {}, ["a, x", "b"], r"\d+|"),
        (QUOTED, {}, ["a, b, c", "b"], r"-?\d+(\.\d)?"),
        ("sep=;\n" + document(REAL, ";"), {}, ["a", "b"], ".*"),
        (document(COMMAS, "\t"), {}, ["a", "b"], r"-?\d+(,\d)?"),
        (document(GERMAN, ";"), {}, ["a", "b"], r"\d{1,3}(\.\d{3})*,\d\d"),
        (TWO_WAYS, {"decimal": ","}, ["a", "b"], r"\d\d,\d+"),
        (TWO_WAYS, {"decimal": "."}, ["a", "b"], r"\d\d,\d{3}"),
        (BARE, {"header": False}, ["column 1", "column 2"], ".*"),
        (document(WHOLE, names=("2019", "2020")), {}, ["2019", "2020"], ".*"),
        (TRAILING, {}, ["a", "b"], r"\d\d"),
        (TRAILING.replace("b,", "b", 1), {}, ["a", "b"], r"\d\d"),
        (LONG, {}, ["a", "b"], "two\nlines|x{15000}"),
        (gzip.compress(document(WHOLE).encode()), {}, ["a", "b"], r"\d\d"),
        (CAFE, {"encoding": "cp1252"}, ["a", "b"], "caf\u00e9\u2026|x"),
    ],
)
def test_a_file_is_read_as_people_write_it_and_written_so(tmp_path, content, reading, names, cells):
    data = load(tmp_path / "a.csv", content, **reading)
    assert data.schema.names == names
    assert not [cell for cell in made(data)[names[0]] if not re.fullmatch(cells, cell)]
    generator = fit("regression", TABLE, data, settings_of("regression"))
    text = csv_text(table_lines(generator.sample(0, 0, 50), data.schema, 0), data.schema)
    again = load(tmp_path / "b.csv", text, **{k: v for k, v in reading.items() if k != "encoding"})
    assert again.schema.names == names and again.schema.delimiter == data.schema.delimiter


@pytest.mark.parametrize(
    ("content", "reading", "message"),
    [
        (TWO_WAYS, {}, "can be [0-9]+ or [0-9.]+; .*--decimal . or --decimal , or .*--schema"),
        (document([f"0{v % 9 + 1}/0{v % 7 + 1}/2020" for v in WHOLE]), {}, "can be %d/%m/%Y or %m"),
        (BARE, {}, "like the lines below it.*--no-header"),
        ("Ann,34,f\n" + "".join(f"n{v},{v},{'fm'[v % 2]}\n" for v in WHOLE), {}, "--no-header"),
        (CAFE, {}, "--encoding cp1252"),
        (CAFE, {"encoding": "latin-1"}, "byte 0x85 .*--encoding cp1252"),
        ("a,b\n1,2\n".encode("utf-16"), {}, "--encoding utf-16"),
        (document(WHOLE), {"encoding": "klingon"}, "--encoding klingon"),
        (gzip.compress(document(WHOLE).encode())[:99], {}, "whole gzip file"),
        (document(WHOLE, names=("a", "a: gap")), {}, "rename one"),
        ('a,b\n1,2\n3,"4\n' + "5,6\n" * 30, {}, "line 3: a quote is opened"),
        ('a,b\n1,2\n3,"4\n5,"x"\n' + "5,6\n" * 30, {}, "line 3: a quote is opened"),
    ],
)
def test_what_cannot_be_told_is_asked(tmp_path, content, reading, message):
    with pytest.raises(InputError, match=message) as refusal:
        load(tmp_path / "a.csv", content, **reading)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("cells", [PEAKED, every(2, SKEWED)])
def test_nothing_is_clipped_and_no_gap_is_a_spike(tmp_path, cells):
    """A peaked column has a tiny interquartile range, and so would one filled by its median."""
    data = load(tmp_path / "a.csv", document(cells))
    column, shares = data.train.column("a"), [0.05, 0.5, 0.95]
    known = column[~np.isnan(column)]
    assert {*known} <= {float(cell) for cell in cells if cell != ""}
    for model in ("regression", "interpolation", "inverse_transform"):
        found = made(data, model)["a"]
        drawn = np.array([float(cell) for cell in found if cell])
        assert 1 - len(drawn) / len(found) == pytest.approx(np.isnan(column).mean(), abs=0.06)
        assert np.allclose(np.quantile(drawn, shares), np.quantile(known, shares), rtol=0.6)
        assert np.unique(drawn, return_counts=True)[1].max() < 0.1 * len(drawn)
    (told,) = (step for step in data.steps if step.name == "outliers")
    clipped = load(tmp_path / "a.csv", document(cells), clip_outliers=True).train.column("a")
    changed = ~np.isnan(column) & (clipped != column)
    assert changed.sum() == told.counts.get("a", 0)
    assert cells is not PEAKED or (changed.any() and "kept (--clip-outliers" in told.told)


@pytest.mark.parametrize("model", ["regression", "interpolation", "inverse_transform", "gmm"])
def test_gaps_depend_on_what_they_depended_on(tmp_path, model):
    random = np.random.default_rng(5)
    women = random.random(600) < 0.5
    lost = random.random(600) < np.where(women, 0.6, 0.1)
    wages = np.where(lost, "", random.normal(40, 15, 600).round(1).astype(str))
    rows = zip(np.where(women, "f", "m"), wages, "ppqq " * 120, strict=True)
    text = "sex,wage,kind\n" + "".join(f"{sex},{wage},{kind}\n" for sex, wage, kind in rows)
    flags = {"epochs": 40, "max_components": 16} if model == "gmm" else {}
    found = made(load(tmp_path / "a.csv", text), model, 2000, **flags)
    empty, is_woman = np.array(found["wage"]) == "", np.array(found["sex"]) == "f"
    assert empty[is_woman].mean() == pytest.approx(lost[women].mean(), abs=0.13)
    assert empty[~is_woman].mean() == pytest.approx(lost[~women].mean(), abs=0.13)
    assert np.mean([cell == "" for cell in found["kind"]]) == pytest.approx(0.2, abs=0.05)
    assert {*found["kind"]} == {"", "p", "q"}
