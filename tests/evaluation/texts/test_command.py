"""`evaluate text` on files of any origin: planted copies, missing answers, held-out texts."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import run
from data.texts.vocabulary import Vocabulary
from evaluation.config import TextsEvaluateSettings
from evaluation.texts.command import evaluate, load_real, text_place
from evaluation.texts.ngram import PASSAGE, passages, text_attack
from foundation.errors import InputError

COMMAND = [sys.executable, "-X", "importtime", str(Path(run.__file__))]
WORDS = np.random.default_rng(0).permutation(
    [a + b + c for a in "bdfgklmnprst" for b in "aeiou" for c in "bdklmnrst"]
)


def lines(characters, seed):
    """Lines of four words, each drawn after the one before it from five of the 540."""
    generator = np.random.default_rng(seed)
    text, word, length = [], 0, 0
    while length < characters:
        chosen = []
        for _ in range(4):
            word = (7 * word + int(generator.integers(5))) % len(WORDS)
            chosen.append(str(WORDS[word]))
        text.append(" ".join(chosen) + "\n")
        length += len(text[-1])
    return "".join(text)[:characters]


REAL, OTHER, MADE = lines(36_000, 0), lines(24_000, 1), lines(6000, 2)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("texts")
    for name, text in (("real", REAL), ("other", OTHER), ("made", MADE)):
        (folder / f"{name}.txt").write_text(text)
    return folder


def measured(place, synthetic="made.txt", **given):
    settings = {"real": f"file:{place / 'real.txt'}", "synthetic": str(place / synthetic)}
    return evaluate(TextsEvaluateSettings.resolve({"quiet": True, **settings, **given}))


@pytest.fixture(scope="module")
def good(place):
    return measured(place)


def test_every_measure_has_its_real_figure_and_its_words(good):
    json.dumps(good, allow_nan=False)
    assert {"novelty", "bits_of_ngram_trained_on_it", "membership_auc"} <= set(good["metrics"])
    for name, metric in good["metrics"].items():
        assert metric["value"] is not None and metric["real"] is not None, name
        assert metric["how_to_read"], name
    metric = good["metrics"]["bits_of_ngram_trained_on_it"]
    assert metric["value"] == pytest.approx(metric["real"], rel=0.05)
    assert metric["characters"] == 6000
    assert "not that a stronger one would not" in good["metrics"]["membership_auc"]["how_to_read"]


def test_a_copy_is_found_by_the_substrings_and_by_the_attack(place):
    held_out = str(place / "other.txt")
    (place / "copied.txt").write_text(MADE[:3000] + REAL[1000:19_000])
    letters = "".join(np.random.default_rng(3).permutation(list(MADE)))
    (place / "shuffled.txt").write_text(letters)
    copied, honest, other = (
        measured(place, f"{name}.txt", held_out=held_out)["metrics"]
        for name in ("copied", "made", "shuffled")
    )
    worth = other["bits_of_ngram_trained_on_it"]  # a text of another kind is worth less
    assert worth["value"] > 1.3 * worth["real"]
    assert copied["longest_copied_substring"]["value"] > 10_000
    assert honest["longest_copied_substring"]["value"] < 300
    assert copied["membership_auc"]["low"] > 0.65
    assert honest["membership_auc"]["low"] < 0.5 and honest["membership_auc"]["whole"] < 0.6


def test_in_the_shell(place):
    words = ["evaluate", "text", f"file:{place / 'real.txt'}", str(place / "made.txt")]
    done = subprocess.run(
        [*COMMAND, *words, "--json", "--out", "report"], capture_output=True, text=True, cwd=place
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report == json.loads((place / "report" / "metrics.json").read_text())
    assert (place / "report" / "novelty.png").stat().st_size > 1000
    assert "membership_auc" in done.stderr and "with all of it" in done.stderr
    assert "the first 3,600 of 6,000 characters of" in done.stderr
    assert "scipy" in done.stderr and "tensorflow" not in done.stderr  # what was imported


def test_a_short_text_has_reasons_and_a_report(place):
    (place / "tiny.txt").write_text(REAL[:1200])
    metrics = measured(place, real=f"file:{place / 'tiny.txt'}")["metrics"]
    attack = metrics["membership_auc"]  # needs passages of real text, and of it only
    assert attack["value"] is None and "at least 512" in attack["reason"]
    assert metrics["known_word_share"]["value"] is not None


def test_with_held_out_text_all_of_real_is_training_text(place):
    given = {"real": str(place / "real.txt"), "synthetic": "made.txt"}
    given["held_out"] = str(place / "other.txt")
    real = load_real(TextsEvaluateSettings.resolve(given))
    assert real.training == REAL and real.validation + real.test == OTHER
    assert len(real.validation) == len(real.test) == 12_000
    (place / "end.txt").write_text(REAL[-3000:])  # of the part that else were held out
    copied = measured(place, "end.txt", held_out=str(place / "other.txt"))
    assert copied["metrics"]["longest_copied_substring"]["value"] == 3000
    missed = measured(place, "end.txt")
    assert missed["metrics"]["longest_copied_substring"]["value"] < 300


def test_places_may_be_named_with_or_without_their_kind(place):
    assert text_place(str(place)) == f"folder:{place}"
    assert text_place(str(place / "made.txt")) == f"file:{place / 'made.txt'}"
    assert text_place("file:x") == "file:x" and text_place("nowhere.txt") == "file:nowhere.txt"
    assert text_place("shakespeare", named=True) == "shakespeare"
    with pytest.raises(InputError, match="nowhere"):
        measured(place, "nowhere.txt")
    (place / "nothing.txt").write_text("b")
    with pytest.raises(InputError, match="at least 4"):
        measured(place, held_out=str(place / "nothing.txt"))


def test_passages_do_not_overlap_and_depend_on_the_seed_alone():
    codes = np.arange(10 * PASSAGE + 17)
    found = passages(codes, seed=0, number=0)
    assert found.shape == (10, PASSAGE) and len(np.unique(found)) == found.size
    assert (np.diff(found, axis=1) == 1).all()
    np.testing.assert_array_equal(found, passages(codes, seed=0, number=0))
    assert (found != passages(codes, seed=1, number=0)).any()


def test_the_attack_finds_nothing_where_the_real_text_stands_for_itself():
    vocabulary = Vocabulary(tuple(sorted(set(REAL))))
    found = text_attack(MADE, REAL, OTHER, lines(20_000, 5), vocabulary)
    assert abs(found["real"] - 0.5) < 0.03 and found["low"] < 0.5 < found["high"]
    assert found["if_copied"] > found["real"] + 0.05
    assert found["characters"] == 6000  # all of the sample; of a longer one half the others:
    assert text_attack(REAL, REAL, OTHER, OTHER, vocabulary)["characters"] == 12_000
