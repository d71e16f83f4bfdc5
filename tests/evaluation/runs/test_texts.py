"""`text evaluate` on a small trained run."""

import contextlib
import io
import itertools
import json
import math

import numpy as np
import pytest

from baselines.ngram.kneser_ney import KneserNey
from data.texts.load import load_text
from evaluation.config import TextEvaluateSettings, TextUtilitySettings
from evaluation.runs import text_utility
from evaluation.runs.evaluate import evaluate, load_run_data
from evaluation.runs.text_utility import utility, verdict
from evaluation.texts.compare import decoded
from foundation.errors import InputError
from lstm_text.config import TextSettings
from lstm_text.score import Scorer
from lstm_text.train import train
from training.stored import load_run

WORDS = ("the", "cat", "and", "a", "dog", "sat", "on", "mat", "or", "ran", "far", "away")


def made_text(seed=0, words=2500):
    generator = np.random.default_rng(seed)
    chosen = generator.choice(WORDS, words)
    return "".join(word + ("\n" if n % 9 == 8 else " ") for n, word in enumerate(chosen))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A smoke run on a made text of 10,000 characters."""
    directory = tmp_path_factory.mktemp("text")
    (directory / "made.txt").write_text(made_text(), encoding="utf-8")
    small = {"preset": "smoke", "units": 16, "layers": 1, "quiet": True}
    given = {"data": f"file:{directory / 'made.txt'}", "out": str(directory / "run")}
    train(TextSettings.resolve(small | given))
    return directory / "run"


@pytest.fixture(scope="module")
def stored(run):
    return load_run(run)


@pytest.fixture(scope="module")
def measured(run):
    """What one evaluation returned and printed."""
    given = {"run": str(run), "preset": "smoke", "windows": 8}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        report = evaluate(TextEvaluateSettings.resolve(given))
    return report, printed.getvalue()


def test_the_report_holds_scores_and_measures(run, measured):
    report, printed = measured
    assert json.loads((run / "metrics.json").read_text(encoding="utf-8")) == report
    assert {path.name for path in (run / "evaluation").iterdir()} == {"novelty.png", "sample.txt"}
    assert report["protocol"] in printed
    for scores in report["scores"].values():
        for name in ("carried", "windows", "ngram"):
            assert scores[f"{name}_bits"] == pytest.approx(scores[name] / math.log(2))
            assert f"{scores[name]:.4f}" in printed
        assert 0 < scores["windows_standard_error"] < 0.5
    assert report["metrics"]["known_word_share"]["real"] > 0.95


def test_scores_equal_a_slow_pass_character_by_character(stored, measured):
    scores = measured[0]["scores"]
    corpus, model = load_run_data(stored), stored.generator.model
    held_out = np.concatenate([corpus.validation, corpus.test], axis=1)
    state, losses = model.zero_state(1), []
    for code, target in itertools.pairwise(held_out[0, :31].astype(np.int32)):
        logits, state = model(np.array([[code]], np.int32), state)
        exponents = logits.numpy()[0, 0].astype(np.float64)
        losses.append(np.log(np.exp(exponents).sum()) - exponents[target])
    assert scores["validation"]["characters"] == corpus.validation.size
    fast = Scorer(model).carried(held_out)[0]
    np.testing.assert_allclose(fast[:30], losses, rtol=2e-4, atol=2e-4)
    border = corpus.validation.size
    assert scores["validation"]["carried"] == pytest.approx(fast[: border - 1].mean(), rel=1e-5)
    assert scores["test"]["carried"] == pytest.approx(fast[border - 1 :].mean(), rel=1e-5)
    assert scores["held_out"]["carried"] == pytest.approx(fast.mean(), rel=1e-5)


def test_the_ngram_reads_on_from_the_training_text(stored, measured):
    corpus = load_run_data(stored)
    ngram = KneserNey.fit(corpus.train, corpus.vocabulary.size, 6)
    history = corpus.train[0, -6:]
    expected = -ngram.log_probabilities(corpus.validation[0], history).mean()
    assert measured[0]["scores"]["validation"]["ngram"] == pytest.approx(expected)


def test_text_that_moved_is_the_same_text_and_other_text_is_refused(stored, tmp_path):
    for name, text in (("moved", made_text()), ("other", made_text(seed=1))):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    corpus = load_run_data(stored, f"file:{tmp_path / 'moved.txt'}")
    assert corpus.name.endswith("moved.txt")
    with pytest.raises(InputError, match=r"as when .* was trained"):
        load_run_data(stored, f"file:{tmp_path / 'other.txt'}")


def test_segments_are_joined_by_a_line_break(tmp_path):
    (tmp_path / "made.txt").write_text(made_text(words=30_000), encoding="utf-8")
    corpus = load_text(f"file:{tmp_path / 'made.txt'}", "interleaved")
    text = decoded(corpus, np.concatenate([corpus.validation, corpus.test], axis=1))
    length = corpus.validation.shape[1] + corpus.test.shape[1]
    assert text[length] == "\n"
    assert text[:length] in made_text(words=30_000)


# The utility ------------------------------------------------------------------------------------


def test_utility_trains_three_arms_with_equal_budgets(run, monkeypatch):
    budgets = []
    original = text_utility.TextTrainer.train_steps

    def counted(self, inputs, targets, weights, rates, first_step):
        if first_step == 0:
            budgets.append(0)
        budgets[-1] += int(np.prod(inputs.shape))
        return original(self, inputs, targets, weights, rates, first_step)

    monkeypatch.setattr(text_utility.TextTrainer, "train_steps", counted)
    given = {"run": str(run), "preset": "smoke", "quiet": True}
    report = utility(TextUtilitySettings.resolve(given))
    assert json.loads((run / "utility.json").read_text(encoding="utf-8")) == report
    assert report["synthetic_characters"] == report["real_characters"]
    assert list(report["lstm"]) == ["real", "synthetic", "real + synthetic"]
    assert len(budgets) == 3 and len(set(budgets)) == 1
    values = report["lstm"]
    differences = [b - a for a, b in zip(values["real"], values["real + synthetic"], strict=True)]
    assert report["difference"]["mean"] == pytest.approx(np.mean(differences))
    assert report["ngram"]["real"] < report["ngram"]["synthetic"]


@pytest.mark.parametrize(
    ("mean", "deviation", "seeds", "words"),
    [
        (-0.05, 0.01, 3, "helped"),
        (0.05, 0.01, 3, "did harm"),
        (0.01, 0.02, 3, "no difference"),
        (-0.05, 0.0, 1, "no difference"),
    ],
)
def test_nothing_is_claimed_within_two_standard_errors(mean, deviation, seeds, words):
    assert words in verdict({"mean": mean, "standard_deviation": deviation}, seeds)
