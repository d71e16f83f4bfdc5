"""The tables of the trials, on numbers of which the mean and the interval are known."""

import pytest

from chapter.claims.report.markdown import arms_table, cell, trials_markdown


def test_a_cell_is_the_mean_with_its_interval():
    # Standard error 1 / sqrt(3); Student's factor for two degrees of freedom is 4.3027.
    assert cell([1.0, 2.0, 3.0]) == "2 [-0.4841, 4.484]"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.25], "0.25"),
        ([None, None], "–"),
        ([0.5, None, 0.5], "0.5 [0.5, 0.5] (2 of 3 seeds)"),
        ([None, 0.5], "0.5 (1 of 2 seeds)"),
    ],
)
def test_what_is_missing_is_said(values, expected):
    assert cell(values) == expected


def test_every_arm_and_measure_has_a_place_in_the_order_of_the_first_seed():
    seeds = [
        {"none": {"accuracy": 0.5}, "gan": {"accuracy": 0.25, "attack_auc": 0.75}},
        {"none": {"accuracy": 0.5}, "gan": {"accuracy": None}, "vae": {"accuracy": 1.0}},
    ]
    assert arms_table(seeds).splitlines() == [
        "| | accuracy | attack auc |",
        "|---|---:|---:|",
        "| none | 0.5 [0.5, 0.5] | – |",
        "| gan | 0.25 (1 of 2 seeds) | 0.75 (1 of 2 seeds) |",
        "| vae | 1 (1 of 2 seeds) | – |",
    ]


def test_each_trial_says_what_it_asks_and_what_its_seeds_change():
    trial = {"seeds_vary": "the noise", "measures": {"0": {"real": {"nats": 2.0}}}}
    trial |= {"cpu_seconds": 90.0, "processors": ["one", "two"]}
    text = trials_markdown({"a": {**trial, "question": "What?"}, "b": {**trial, "question": "So?"}})
    assert "| a | 1 | 1.5 | 1.50 | one, two |\n| b | 1 |" in text
    assert text[text.index("## a") :].startswith(
        "## a\n\nWhat?\n\nSeeds: 1. Each changes: the noise.\n\n| | nats |"
    )
    assert text.count("| real | 2 |") == 2 and "\n## b\n\nSo?\n" in text
