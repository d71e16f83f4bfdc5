"""The trial of texts: arms and measures, stretches by seed, and a judge that is used again."""

import dataclasses
import random

import numpy as np
import pytest

from chapter.claims.designs.text import TRIALS
from chapter.claims.trials import text as trial_text
from chapter.claims.trials.text import (
    HMM,
    LSTM,
    NGRAM,
    REAL,
    all_works,
    joined,
    likeness,
    network,
    ngram_text,
    stretch,
    text_trial,
)
from evaluation.runs.text_utility import ReusedTextModel, ngram_score
from evaluation.texts.ngram import fit_ngram
from foundation.errors import InputError
from tests.chapter.claims.claimed import check_claimed

SMOKE = TRIALS["text"].sizes["smoke"]
WRITERS = (LSTM, HMM, NGRAM)
OF_TEXTS = {"distinct_4", "longest_copy", "known_words", "ngram_bits"}


@pytest.fixture(scope="module")
def measured():
    measured = text_trial(0, SMOKE)
    check_claimed("text", measured)
    return measured.measures


@pytest.fixture(scope="module")
def corpus():
    return stretch(0, SMOKE)


def test_all_arms_have_all_measures(measured):
    assert list(measured) == [REAL, *WRITERS, *(f"real + {name}" for name in WRITERS)]
    for arm, values in measured.items():
        expected = {"nats", "ngram_nats"}
        expected |= OF_TEXTS if "+" not in arm else set()
        expected |= {"own_nats"} if arm in WRITERS else set()
        assert set(values) == expected, arm
        assert 0 < values["nats"] < 5 and 0 < values["ngram_nats"] < 5


@pytest.fixture(scope="module")
def repeated():
    """The seed after it, then the same seed again: what both measured, and all trainings."""
    trainings, original = [], ReusedTextModel.train

    def recorded(self, segments, budget, seed):
        trainings.append((segments, budget, seed))
        return original(self, segments, budget, seed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ReusedTextModel, "train", recorded)
        states = random.getstate(), np.random.get_state()[1].copy()
        other = text_trial(1, SMOKE).measures
        del trainings[:]
        again = text_trial(0, SMOKE).measures
    assert random.getstate() == states[0] and np.array_equal(np.random.get_state()[1], states[1])
    return again, other, trainings


def test_the_same_seed_the_same_numbers_after_another_seed(measured, repeated):
    """The judge is compiled once and used again: what it has learnt before must not show."""
    again, other, _ = repeated
    assert again == measured
    for arm, values in measured.items():
        assert other[arm] != values, arm


def test_the_judge_reads_as_much_in_every_arm_and_both_are_real_text_then_written(repeated, corpus):
    (first, *judged), real = repeated[2], corpus.train[0]
    assert np.array_equal(first[0], corpus.train) and first[1] == SMOKE["lstm_budget"]
    assert [(budget, seed) for _, budget, seed in judged] == [(SMOKE["budget"], 0)] * 7
    assert first[2] != 0  # the LSTM that writes has other first weights than the judge
    alone, both = [text[0] for text, _, _ in judged[:4]], [text[0] for text, _, _ in judged[4:]]
    assert np.array_equal(alone[0], real)
    for written, mixed in zip(alone[1:], both, strict=True):
        assert len(written) == len(real) and not np.array_equal(written, real)
        assert np.array_equal(mixed, np.concatenate([real, written]))


def test_without_a_budget_there_is_no_lstm_judge(monkeypatch, measured):
    monkeypatch.setattr(trial_text, "ngram_score", lambda *given: 1.0)
    found = text_trial(0, {**SMOKE, "budget": None}).measures
    assert list(found) == list(measured)
    assert all("nats" not in values and values["ngram_nats"] == 1.0 for values in found.values())


def test_the_numbers_mean_what_they_say(measured, corpus):
    assert measured[REAL]["ngram_nats"] == ngram_score(corpus.train, corpus)
    assert measured[NGRAM]["own_nats"] == pytest.approx(measured[REAL]["ngram_nats"], rel=0.01)
    human = fit_ngram(corpus).cross_entropy(corpus.test[:, : SMOKE["compared"]], ignore=0)
    assert measured[REAL]["ngram_bits"] == pytest.approx(human / np.log(2))
    assert measured[HMM]["ngram_bits"] > measured[NGRAM]["ngram_bits"] > 0.5
    assert measured[NGRAM]["ngram_nats"] > measured[REAL]["ngram_nats"]
    assert measured[HMM]["known_words"] < measured[NGRAM]["known_words"]
    assert measured[HMM]["own_nats"] > measured[NGRAM]["own_nats"]


def test_a_seed_has_its_own_stretch_and_the_text_after_it_tests(corpus):
    works = all_works()
    text = works.vocabulary.decode(works.train)
    train, test = (works.vocabulary.decode(part) for part in (corpus.train, corpus.test))
    assert (len(train), len(test)) == (SMOKE["training"], SMOKE["tested"])
    assert train + test.split("\ufffd")[0] in text
    other = stretch(1, SMOKE)
    assert not np.array_equal(other.train, corpus.train)
    again = stretch(0, SMOKE)
    assert np.array_equal(again.train, corpus.train) and np.array_equal(again.test, corpus.test)


def test_a_character_that_only_the_test_text_has_is_unknown(monkeypatch):
    works = all_works()
    codes = np.array([[1, 2, 3, 1, 2, 3, 4, 1, 5, 2]], np.uint8)
    made = dataclasses.replace(works, train=codes)
    monkeypatch.setattr(trial_text, "all_works", lambda: made)
    found = stretch(0, {"training": 6, "tested": 4})
    assert found.train.tolist() == [[1, 2, 3, 1, 2, 3]]
    assert found.test.tolist() == [[0, 1, 0, 2]] and found.test.dtype == np.uint8
    assert found.vocabulary == works.vocabulary


def test_what_models_learn_from_is_training_text_alone(corpus):
    """Another test part changes no character that is written."""
    spoilt = dataclasses.replace(corpus, test=corpus.test[:, ::-1].copy())
    written = [ngram_text(each, SMOKE, 0)[0] for each in (corpus, spoilt)]
    assert np.array_equal(*written)


def test_a_copied_text_is_found_and_human_text_is_not(corpus):
    ngram = fit_ngram(corpus)
    copied = likeness(corpus.train[0, :2_000], corpus, ngram)
    human = likeness(corpus.test[0, :2_000], corpus, ngram)
    assert copied["longest_copy"] == 2_000 and human["longest_copy"] < 100
    assert copied["known_words"] > 0.99 > human["known_words"]  # the last word is cut
    assert copied["ngram_bits"] < human["ngram_bits"]
    circles = likeness(np.tile(corpus.test[0, :20], 100), corpus, ngram)
    assert circles["distinct_4"] < 0.02 < human["distinct_4"]


def test_written_text_is_cut_to_the_length_of_the_training_text(corpus):
    text = corpus.vocabulary.decode(corpus.test[0])
    codes = joined([text] * 6, corpus)
    assert codes.shape == corpus.train.shape
    assert np.array_equal(codes[0, : len(text)], corpus.test[0])


def test_a_judge_used_again_is_a_new_judge(corpus):
    """Weights, moments and state of an earlier training leave no trace."""
    used = network(corpus, SMOKE)
    sizes = [SMOKE[name] for name in ("units", "layers", "streams", "sequence_length")]
    fresh = ReusedTextModel(corpus.vocabulary.size, *sizes)
    used.train(corpus.test, 9_000, 7)
    for judge in (fresh, used):
        judge.train(corpus.train, 5_000, 3)
    for a, b in zip(fresh.model.get_weights(), used.model.get_weights(), strict=True):
        assert np.array_equal(a, b)
    assert fresh.score(corpus.test) == used.score(corpus.test)
    used.train(corpus.train, 5_000, 4)
    assert used.score(corpus.test) != fresh.score(corpus.test)


def test_a_judge_learns_and_from_noise_it_learns_less(corpus):
    judge, scores = network(corpus, SMOKE), {}
    noise = np.random.default_rng(0).permutation(corpus.train[0])[None]
    for name, text in (("real", corpus.train), ("noise", noise)):
        judge.train(text, 100_000, 0)
        scores[name] = judge.score(corpus.test)
    assert scores["real"] < scores["noise"] - 0.1 < np.log(corpus.vocabulary.size) - 1


def test_a_text_of_fewer_characters_than_streams_is_refused(corpus):
    with pytest.raises(InputError, match="16 characters to train on; more than 16"):
        network(corpus, SMOKE).train(corpus.train[:, :16], 1_000, 0)
