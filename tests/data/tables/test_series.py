"""A csv file read as a series: order kept, the future held out, faults named."""

import numpy as np
import pytest

from baselines.registry import fit
from data.source import SERIES
from data.tables.series import load_series
from foundation.errors import InputError
from tests.baselines.shared import settings_of


@pytest.fixture
def series(tmp_path):
    """Of the lines of a file."""

    def load(*rows, header="date,x,y"):
        path = tmp_path / "a.csv"
        path.write_text("\n".join([header, *rows]) + "\n")
        return load_series(str(path))

    return load


def test_columns_in_the_order_of_the_rows(series, tmp_path):
    found = series(*(f"day {i},{i},{-i / 2}" for i in range(50)))
    assert [column.name for column in found.columns] == ["y"]  # ids and counts of rows go on
    assert "id, given anew: date, x" in found.steps[1].told
    assert found.name == f"csv:{tmp_path / 'a.csv'}"
    parts = (found.train, found.validation, found.test)
    assert [len(part) for part in parts] == [40, 5, 5]
    assert np.array_equal(np.concatenate(parts)[:, 0], np.arange(50) * -0.5)


def test_times_counts_and_states_take_part_and_come_back_as_they_are(series):
    """Hours with a gap of three, a count that is never negative, a state with its own mean."""
    random = np.random.default_rng(0)
    hours = np.datetime64("2024-02-28T00") + np.arange(400) + np.where(np.arange(400) > 99, 2, 0)
    on = np.cumsum(random.random(400) < 0.08) % 2 == 1
    counts = random.poisson(np.where(on, 6, 0.4))
    rows = zip(hours, counts, np.where(on, "on", "off"), strict=True)
    data = series(*(f"{str(h).replace('T', ' ')}:00,{n},{s}" for h, n, s in rows))
    assert [column.name for column in data.columns] == ["x", "y"]
    assert data.steps[-1].counts == {"gaps": 1} and "after 2024-03-03 03:00" in data.steps[-1].told
    model = fit("hmm", SERIES, data, settings_of("hmm", data.name, states=2, epochs=20))
    with pytest.raises(ValueError, match="labels given"):
        model.sample(0, 0, 1, np.zeros(1, np.int64))
    (drawn,) = model.sample(0, 0, 1, length=500)
    times, made, states = zip(*data.schema.rows(model.table(drawn)), strict=True)
    assert times[:2] == ("2024-03-15 18:00", "2024-03-15 19:00")
    made, is_on = np.array([*map(int, made)]), np.array(states) == "on"
    assert {*states} == {"on", "off"} and made.min() == 0
    assert made[is_on].mean() > 4 and made[~is_on].mean() < 2
    scores = [model.log_likelihood(part[None])[0] / len(part) for part in (data.test, drawn)]
    assert np.isfinite(scores).all()


def test_other_values_or_names_have_another_hash(series):
    rows = [f"d,{i % 7},{i % 9}.5" for i in range(40)]
    found = [series(*rows), series(*rows[1:], "d,0,8.5"), series(*rows, header="date,x,z")]
    assert len({each.sha256 for each in found}) == 3
    assert series(*rows).sha256 == found[0].sha256


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([f"d,{i},1" for i in range(20)], "20 rows; at least 30"),
        (["d,e,f"] * 40, "without a column of numbers or categories that varies"),
        ([f"d,{i % 7},1" for i in range(39)] + ["d,,1"], "row 40 .*'x' has nothing .1 such"),
        ([f"d,{i % 5},2" for i in range(39)] + ["d,much,2"], "row 40 .*'x' has 'much' .1 such"),
    ],
)
def test_what_is_no_series_is_refused(series, rows, message):
    with pytest.raises(InputError, match=message):
        series(*rows)
