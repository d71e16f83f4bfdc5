"""The errata of the text generator that are measured: the defect is there, and the cure cures."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from chapter.errata.text.logits_as_probabilities import STEPS_IN_KERAS, can_be_drawn_from
from chapter.errata.text.mixed_with_its_source import PIECE, pieces_of, share_found
from chapter.errata.text.small_text import SEQUENCE_LENGTH, held_out_text, loss_of_logits
from data.texts.load import read_text
from data.texts.vocabulary import Vocabulary
from evaluation.metrics.texts.diversity import known_word_share
from tests.chapter.errata.exhibits import both, exhibit_of

CHANCE = "chance (all characters equally likely)"


def test_e16_state_thrown_away():
    assert both("E16", "what stood before a batch changes how it is read") == (False, True)
    forgetting, remembering = both("E16", "held-out loss, nats a character")
    assert forgetting > remembering + 0.02
    first, first_here = both("E16", "the same, first character of each batch")
    half = f"the same, characters {SEQUENCE_LENGTH // 2 + 1} to {SEQUENCE_LENGTH}"
    late, late_here = both("E16", half)
    assert first > first_here + 0.5 and abs(late - late_here) < 0.05  # the beginning pays
    assert exhibit_of("E16").figure is not None


def test_the_held_out_text_of_the_exhibits_has_no_unknown_character():
    assert not (held_out_text() == Vocabulary.UNKNOWN).any()


def test_e17_no_next_character():
    assert both("E17", "share of the text held out") == (0, pytest.approx(0.1, abs=1e-3))
    copies, predicts = both("E17", "loss that training ends with")
    assert copies < 0.3 and 1.5 < predicts < 2.8
    at_a_loss, knows = both("E17", "loss at predicting the next character, held out")
    chance, _ = both("E17", CHANCE)
    assert knows < chance - 1.5 and at_a_loss > chance + 1  # worse than knowing nothing
    stuck, varied = both("E17", "different characters in that")
    assert stuck <= 6 and varied > 12


def test_e18_logits_as_probabilities():
    negative, positive = both("E18", "smallest entry of an output row")
    assert negative < 0 < positive
    wrong, right = both("E18", "sum of that row")
    assert abs(wrong - 1) > 0.1 and right == pytest.approx(1)
    assert both("E18", "NumPy draws a character from it") == (False, True)
    chance, _ = both("E18", CHANCE)
    above, at_chance = both("E18", "loss before training")
    assert above > chance + 1 and at_chance == pytest.approx(chance, abs=0.05)
    slow, learns = both("E18", f"loss after {STEPS_IN_KERAS} steps")
    assert learns < slow - 0.7 and learns < chance - 1
    assert exhibit_of("E18").figure is not None


def test_keras_clips_logits_that_it_takes_for_probabilities():
    """Every negative logit counts as 1e-7: it gets no gradient, whatever the target is."""
    logits = np.array([[0.5, -2.0, 1.5, -0.1]], np.float32)
    kept = np.clip(logits, 1e-7, 1 - 1e-7)
    for target in range(4):
        values = tf.constant(logits)
        with tf.GradientTape() as tape:
            tape.watch(values)
            loss = keras.losses.sparse_categorical_crossentropy(np.array([target]), values)
        assert float(loss[0]) == pytest.approx(-math.log(kept[0, target] / kept.sum()), rel=1e-4)
        gradient = tape.gradient(loss, values).numpy()[0]
        assert gradient[1] == gradient[3] == 0
    shares = np.exp(logits[0]) / np.exp(logits[0]).sum()
    assert float(loss_of_logits([3], logits)) == pytest.approx(-math.log(shares[3]), rel=1e-6)


def test_numpy_refuses_what_is_no_distribution():
    rows = np.array([[0.25, 0.75], [-0.25, 1.25], [0.25, 0.25]])
    assert [can_be_drawn_from(row) for row in rows] == [True, False, False]


def test_e20_words_or_characters():
    words, characters = both("E20", "different units, English plays")
    assert words > 20_000 and characters < 100
    for language, least in (("English", 0.02), ("Chinese", 0.5)):
        of_words, of_characters = both("E20", f"share of held-out units never seen, {language}")
        assert of_words > least and of_characters < 0.005
    weights, few = both("E20", "weights of the first and the last layer, English")
    assert (weights, few) == (words * (64 + 257), characters * (64 + 257))
    text = read_text("shakespeare")
    cut = int(0.9 * len(text))
    unseen, _ = both("E20", "share of held-out units never seen, English")
    assert unseen == pytest.approx(1 - known_word_share(text[cut:], text[:cut]), abs=1e-4)


def test_e21_mixed_with_its_source():
    assert both("E21", "characters") == (400_000, 200_000)
    mixed, real = both("E21", f"different pieces of {PIECE} characters")
    assert mixed > 1.3 * real  # more diverse to look at
    shown, known = both("E21", "share of the pieces of held-out text among them")
    assert known < shown < known + 0.1
    made_up, _ = both("E21", "of the pieces that mixing adds, share in held-out text")
    assert made_up < 0.1
    after_mixing, alone = both("E21", "held-out loss of an n-gram learnt from it")
    further, _ = both("E21", "the same, learnt from as much further real text")
    assert further < alone - 0.03 < alone < after_mixing  # real text is what helps


def test_pieces_against_a_python_set():
    codes = np.random.default_rng(0).integers(0, 3, (4, 50), dtype=np.uint8)
    slow = {
        tuple(row[start : start + PIECE]) for row in codes for start in range(len(row) - PIECE + 1)
    }
    assert len(pieces_of(codes, 3)) == len(slow)
    assert share_found(pieces_of(codes[:1], 3), pieces_of(codes, 3)) == 1
    assert share_found(np.array([1, 2, 3, 4]), np.array([2, 9])) == 0.25
