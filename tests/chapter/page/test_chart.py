"""Charts: every stroke where it belongs."""

import pytest

from chapter.page.chart import drawing, shared_range, ticks
from chapter.page.section import Chart


def test_chart_places_values_by_hand():
    chart = Chart("c", (1, 2, 3, 4, 5), {"a": (0.0, 1.0, 2.0, 1.0, 0.0)}, (0.0, 2.0), "how")
    placed = drawing(chart)
    # 440 x 280 with margins 44, 12 (left, right) and 46, 36 (top, bottom): 384 x 198 for curves.
    assert placed.curves == [[(44, 244), (140, 145), (236, 46), (332, 145), (428, 244)]]
    assert placed.values == [(244, "0"), (194.5, "0.5"), (145, "1"), (95.5, "1.5"), (46, "2")]
    assert placed.epochs[0] == (44, "1") and placed.epochs[-1] == (428, "5")


def test_levels_and_the_legend_have_their_places():
    names = {"a": (0.0, 1.0), "the second curve of the chart": (1.0, 1.0)}
    placed = drawing(Chart("c", (1, 2), names, (0.0, 2.0), "how", {"half": 1.0, "out": 9.0}))
    assert placed.levels == [145, 46]  # what lies outside is drawn at the border
    assert [entry[:2] for entry in placed.legend] == [
        ("curve curve-0", "a"),
        ("curve curve-1", "the second curve of the chart"),
        ("level", "half"),
        ("level", "out"),
    ]
    assert [entry[3] for entry in placed.legend] == [14, 14, 14, 32]  # a second row for the last


def test_a_chart_of_one_epoch_is_a_dot_and_a_short_curve_is_refused():
    assert drawing(Chart("c", (1,), {"a": (0.5,)}, (0.0, 1.0), "how")).dotted
    assert not drawing(Chart("c", (1, 2, 3, 4), {"a": (0.5,) * 4}, (0.0, 1.0), "how")).dotted
    with pytest.raises(ValueError, match="curve 'a' of 1 values"):
        drawing(Chart("c", (1, 2), {"a": (0.5,)}, (0.0, 1.0), "how"))
    with pytest.raises(ValueError, match="5 curves in all"):
        drawing(Chart("c", (1,), dict.fromkeys("abcde", (0.5,)), (0.0, 1.0), "how"))


@pytest.mark.parametrize(
    ("low", "high", "whole", "expected"),
    [
        (0.0, 1.0, False, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0.0, 1.5, False, [0, 0.5, 1, 1.5]),
        (-3.0, 12.0, False, [0, 5, 10]),
        (1, 2, True, [1, 2]),
        (1, 150, True, [50, 100, 150]),
        (1, 1, True, [1]),
    ],
)
def test_ticks_are_round(low, high, whole, expected):
    assert ticks(low, high, 6, whole) == expected


def test_shared_range_holds_all_values():
    low, high = shared_range(1.0, 2.0)
    assert low < 1.0 and high > 2.0
    assert shared_range(1.0, 2.0, floor=0.0) == (0.0, high)
    low, high = shared_range(1.0)
    assert low < 1.0 < high
