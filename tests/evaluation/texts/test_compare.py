"""The whole report on a text: a real figure beside every value, planted faults, reasons."""

import json
import math

import numpy as np
import pytest

from baselines.ngram.kneser_ney import KneserNey
from data.texts.vocabulary import Vocabulary
from evaluation.metrics.texts.novelty import LENGTHS
from evaluation.texts import compare
from evaluation.texts.compare import compare_texts, draw_novelty

WORDS = ["love", "hate", "king", "queen", "crown", "sword", "night", "day", "come", "go", "my"]


def make_text(characters: int, seed: int) -> str:
    """Lines of two to six words, drawn independently; cut to the length asked for."""
    generator = np.random.default_rng(seed)
    lines = []
    while sum(map(len, lines)) < characters:
        lines.append(" ".join(generator.choice(WORDS, generator.integers(2, 7))) + "\n")
    return "".join(lines)[:characters]


TRAINING, HELD_OUT, GOOD = make_text(40_000, 0), make_text(6000, 1), make_text(6000, 2)


@pytest.fixture(scope="module")
def ngram():
    """A separate model of the training text, and its vocabulary."""
    vocabulary = Vocabulary(tuple(sorted(set(TRAINING))))
    model = KneserNey.fit(vocabulary.encode(TRAINING)[None], vocabulary.size, context=3)
    return model, vocabulary


@pytest.fixture(scope="module")
def good(ngram):
    """The report on a text of the very distribution of the training text."""
    return compare_texts(GOOD, HELD_OUT, TRAINING, *ngram)


def test_a_text_of_the_same_source_scores_as_the_held_out_text(good):
    assert len(good["metrics"]) == 10
    for name, metric in good["metrics"].items():
        assert metric["how_to_read"], name
        if isinstance(metric["value"], list):
            assert len(metric["lengths"]) == len(metric["value"]) == len(metric["real"]), name
        if name in ("longest_copied_substring", "longest_loop"):  # a maximum varies
            assert metric["value"] < 3 * metric["real"] and metric["real"] < 3 * metric["value"]
        else:
            assert metric["value"] == pytest.approx(metric["real"], rel=0.3, abs=0.05), name
    assert good["metrics"]["known_word_share"]["value"] > 0.999
    assert 0.5 < good["metrics"]["bits_per_character_under_ngram"]["value"] < 1.5
    json.dumps(good, allow_nan=False)


def test_both_sides_have_the_same_length(good, ngram):
    sizes = [good[f"{side}_characters"] for side in ("sample", "real", "training")]
    assert sizes == [6000, 6000, 40_000]
    assert compare_texts(GOOD + "!" * 99, HELD_OUT, TRAINING, *ngram) == good
    assert compare_texts(GOOD, HELD_OUT + "!" * 99, TRAINING, *ngram) == good
    assert compare_texts(GOOD[:500], HELD_OUT, TRAINING, *ngram)["real_characters"] == 500


def test_a_copied_text_is_found_out(good, ngram):
    metrics = compare_texts(TRAINING[7000:13_000], HELD_OUT, TRAINING, *ngram)["metrics"]
    assert metrics["novelty"]["value"] == [0.0] * len(LENGTHS)
    assert metrics["novelty"]["real"] == good["metrics"]["novelty"]["real"]
    copied = metrics["longest_copied_substring"]
    assert (copied["value"], copied["in_sample"], copied["in_training"]) == (6000, 0, 7000)
    assert copied["passage"] == TRAINING[7000:7200]
    assert len(copied["real_passage"]) == copied["real"] < 200
    assert copied["real_passage"] == HELD_OUT[copied["real_in_sample"] :][: copied["real"]]
    # and nothing else gives it away
    assert metrics["known_word_share"]["value"] > 0.99  # the ends are cut words
    assert metrics["jensen_shannon_characters"]["value"][2] < 0.01


def test_a_text_that_runs_in_a_circle_is_found_out(ngram):
    circle = compare_texts("my king come hear\n" * 300, HELD_OUT, TRAINING, *ngram)
    metrics = circle["metrics"]
    assert circle["sample_characters"] == 5400
    assert metrics["longest_loop"]["value"] == 5400 - 18
    assert metrics["longest_loop"]["real"] < 60
    assert metrics["repeated_line_share"]["value"] == pytest.approx(299 / 300)
    for name in ("distinct_characters", "distinct_words"):
        assert metrics[name]["value"][3] < metrics[name]["real"][3] / 10
    assert metrics["jensen_shannon_line_lengths"]["value"] > 0.4


def test_noise_is_found_out(ngram):
    letters = np.random.default_rng(3).choice(sorted(set(TRAINING)), 6000)
    metrics = compare_texts("".join(letters), HELD_OUT, TRAINING, *ngram)["metrics"]
    assert metrics["novelty"]["value"][0] > 0.9 > 5 * metrics["novelty"]["real"][0]
    assert metrics["known_word_share"]["value"] < 0.1
    assert metrics["jensen_shannon_characters"]["value"][1] > 0.2
    bits = metrics["bits_per_character_under_ngram"]
    assert bits["value"] > math.log2(len(set(TRAINING))) > 2 * bits["real"]


def test_bits_are_the_mean_over_known_characters(ngram):
    model, vocabulary = ngram
    held_out = "love @@ king"
    metrics = compare_texts("love my king", held_out, TRAINING, *ngram)["metrics"]
    bits = metrics["bits_per_character_under_ngram"]
    nats = model.log_probabilities(vocabulary.encode("love my king"))
    assert bits["value"] == pytest.approx(-nats.mean() / math.log(2))
    nats = np.delete(model.log_probabilities(vocabulary.encode(held_out)), [5, 6])
    assert bits["real"] == pytest.approx(-nats.mean() / math.log(2))
    assert (bits["unknown_characters"], bits["real_unknown_characters"]) == (0, 2)
    metrics = compare_texts("love", "@@@@", TRAINING, *ngram)["metrics"]
    bits = metrics["bits_per_character_under_ngram"]
    assert bits["real"] is None and "no character of the vocabulary" in bits["real_reason"]
    assert bits["value"] > 0 and "reason" not in bits


def test_short_texts_have_reasons_instead_of_values(ngram):
    metrics = compare_texts("1 2\n3 4 ok", HELD_OUT, TRAINING, *ngram)["metrics"]
    novelty = metrics["novelty"]
    assert novelty["value"][:3] == [1.0, 1.0, 1.0] and novelty["value"][3:] == [None] * 6
    assert novelty["real"][2] is not None and novelty["real"][3:] == [None] * 6
    assert "shorter" in novelty["reason"]
    assert metrics["distinct_words"]["value"] == [1.0] + [None] * 5
    metrics = compare_texts("1", HELD_OUT, TRAINING, *ngram)["metrics"]
    assert metrics["known_word_share"]["value"] is None
    assert "without words" in metrics["known_word_share"]["reason"]
    assert "real_reason" not in metrics["known_word_share"]  # a letter is a word
    assert metrics["jensen_shannon_characters"]["value"][1:] == [None, None]
    nothing = compare_texts("\n", HELD_OUT, TRAINING, *ngram)["metrics"]
    assert "without lines" in nothing["repeated_line_share"]["reason"]
    json.dumps(metrics, allow_nan=False)


def test_chinese_text_is_measured_by_pairs_of_letters(ngram):
    poem = "床前明月光，疑是地上霜。\n举头望明月，低头思故乡。\n"
    metrics = compare_texts("明月光明。月", "望明月，低头", poem, *ngram)["metrics"]
    known = metrics["known_word_share"]
    assert known["value"] == pytest.approx(2 / 3) and known["real"] == 1
    assert "no spaces" in known["how_to_read"]
    assert metrics["distinct_words"]["value"] is None
    assert "without spaces" in metrics["distinct_words"]["reason"]
    assert metrics["distinct_characters"]["value"][0] == 4 / 6


def test_the_figure_shows_both_curves_and_leaves_out_what_is_missing(tmp_path, monkeypatch):
    saved = []
    monkeypatch.setattr(compare, "save_figure", lambda figure, path: saved.append((figure, path)))
    shares = {"value": [0.1, 0.6, None], "real": [0.2, 0.7, 1.0], "lengths": [5, 8, 10]}
    draw_novelty(shares, tmp_path)
    ((figure, path),) = saved
    sample, real = figure.axes[0].get_lines()
    assert sample.get_ydata()[:2].tolist() == [0.1, 0.6] and np.isnan(sample.get_ydata()[2])
    assert real.get_ydata().tolist() == [0.2, 0.7, 1.0]
    assert real.get_xdata().tolist() == [5, 8, 10] and path.name == "novelty.png"
    labels = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert labels == ["synthetic text", "held-out human text"]
