"""What is text that a model wrote worth as training text (chapter 4.3.2, 6.2)?

A seed draws another stretch of the works; the text after it tests. The models that write have
learnt that stretch and nothing else. The judge is a Kneser-Ney n-gram that counts the arm's text,
real text and written text alike; beside it, where there is time, a small LSTM that reads the same
number of characters in every arm: between seeds it varies six times as much. Nothing is chosen, so
nothing is validated.
"""

import dataclasses
import functools
import math
from collections.abc import Mapping

import numpy as np

from baselines.config import BaselineSettings
from baselines.ngram.kneser_ney import KneserNey
from baselines.registry import fit
from chapter.claims.experiment import Measured
from data.source import TEXT
from data.texts.load import TextCorpus, load_text
from data.texts.vocabulary import Vocabulary
from evaluation.metrics.texts.diversity import distinct_n, known_word_share
from evaluation.metrics.texts.novelty import longest_copied_substring
from evaluation.runs.text_utility import ReusedTextModel, ngram_score
from evaluation.runs.texts import sample_texts
from evaluation.texts.ngram import fit_ngram
from foundation.purposes import TEXT_TRIAL, rng
from foundation.quiet import retracing_allowed
from lstm_text.trained import TrainedText
from training.generator import Density

TEXTS = "shakespeare"
REAL, LSTM, HMM, NGRAM = "real", "lstm", "hmm", "ngram"
TEMPERATURE = 1.0  # as learnt
STRETCHES, LSTM_SEED = range(2)  # what is drawn, each for itself


def text_trial(seed: int, sizes: Mapping) -> Measured:
    """Language models that have learnt from real text, from written text, and from both.

    Args:
      seed: of the stretches of text, of the models and of what they write.
      sizes: characters: "training", "tested", "compared" (written and human ones, at most as many
        as tested), "budget" that the LSTM judge reads (None: there is none), "lstm_budget" that
        the LSTM reads before it writes; "units" and "layers" of the judge, "lstm_units" and
        "lstm_layers"; "streams" and "sequence_length" of the steps of both; "states" and
        "iterations" of the HMM.

    Returns: arm -> measure -> value:
      "ngram_nats": nats a character on real test text, of a Kneser-Ney n-gram that has counted the
      arm's text; "nats": of the LSTM judge, if any;
      of arms of one source, and of "real" for human test text in its place, at the same length:
      "distinct_4": share of different ones among all sequences of 4 characters; "longest_copy":
      characters of the longest passage that stands in the training text; "known_words": share of
      words that the training text has; "ngram_bits": bits a character under an n-gram of the
      training text;
      of models: "own_nats": what they themselves give to the test text.
    """
    corpus = stretch(seed, sizes)
    written, own_nats = {}, {}
    for name, write in {LSTM: lstm_text, HMM: hmm_text, NGRAM: ngram_text}.items():
        written[name], own_nats[name] = write(corpus, sizes, seed)
    sources = {REAL: corpus.train, **written}
    arms = sources | {
        f"{REAL} + {name}": np.concatenate([corpus.train, text], axis=1)
        for name, text in written.items()
    }
    measures: dict = {name: {"ngram_nats": ngram_score(arms[name], corpus)} for name in arms}
    for name, text in arms.items() if sizes["budget"] else ():
        judge = network(corpus, sizes)
        judge.train(text, sizes["budget"], seed)
        measures[name]["nats"] = judge.score(corpus.test)
    ngram = fit_ngram(corpus)
    for name, text in {REAL: corpus.test, **written}.items():
        measures[name] |= likeness(text[0, : sizes["compared"]], corpus, ngram)
    for name, nats in own_nats.items():
        measures[name]["own_nats"] = nats
    return Measured(measures)


@functools.lru_cache(maxsize=1)
def all_works() -> TextCorpus:
    """The embedded works, loaded once; stretches are taken from their training part."""
    return load_text(TEXTS, quiet=True)


def network(corpus: TextCorpus, sizes: Mapping, role: str = "") -> ReusedTextModel:
    """The judge, or with "lstm_" what writes."""
    units, layers = sizes[f"{role}units"], sizes[f"{role}layers"]
    return _compiled_once(
        corpus.vocabulary.size, units, layers, sizes["streams"], sizes["sequence_length"]
    )


@functools.lru_cache(maxsize=2)
def _compiled_once(*sizes: int) -> ReusedTextModel:
    """For all seeds and arms; every training of it starts anew. Both roles, if they are alike."""
    return ReusedTextModel(*sizes)


@functools.lru_cache(maxsize=1)
def writer_of(model: ReusedTextModel, vocabulary: Vocabulary) -> TrainedText:
    """What writes as the model has last learnt to; compiled once, too."""
    return TrainedText(model.model, vocabulary)


def stretch(seed: int, sizes: Mapping) -> TextCorpus:
    """A stretch of the works that trains, and the text right after it, which tests.

    The works are of several editions: the layout of one play can be unlike that of the others, so
    that a far-off test text would show what the seed has drawn and little of what was learnt. The
    codes are the same for all seeds; a character that the training text lacks is unknown.
    """
    works = all_works()
    length = sizes["training"] + sizes["tested"]
    random = rng(seed, TEXT_TRIAL, STRETCHES)
    start = int(random.integers(works.train.shape[1] - length + 1))
    text = works.train[:, start : start + length]
    train, test = text[:, : sizes["training"]], text[:, sizes["training"] :]
    test = np.where(np.isin(test, np.unique(train)), test, Vocabulary.UNKNOWN).astype(text.dtype)
    nothing = np.full_like(train[:, :1], Vocabulary.UNKNOWN)  # there is nothing to choose
    return dataclasses.replace(works, train=train, validation=nothing, test=test)


def lstm_text(corpus: TextCorpus, sizes: Mapping, seed: int) -> tuple[np.ndarray, float]:
    """Train the LSTM and let it write; codes (1, characters) and its nats on the test text."""
    model = network(corpus, sizes, "lstm_")
    own_seed = int(rng(seed, TEXT_TRIAL, LSTM_SEED).integers(2**31))
    model.train(corpus.train, sizes["lstm_budget"], own_seed)  # not the judge's first weights
    writer = writer_of(model, corpus.vocabulary)
    texts = sample_texts(writer, sizes["training"], seed, TEMPERATURE)
    return joined(texts, corpus), model.score(corpus.test)


def hmm_text(corpus: TextCorpus, sizes: Mapping, seed: int) -> tuple[np.ndarray, float]:
    """The same of a hidden Markov model."""
    return baseline_text(
        "hmm", corpus, seed, states=sizes["states"], epochs=sizes["iterations"], tolerance=0.0
    )


def ngram_text(corpus: TextCorpus, sizes: Mapping, seed: int) -> tuple[np.ndarray, float]:
    """The same of a Kneser-Ney n-gram."""
    return baseline_text("ngram", corpus, seed)


def baseline_text(
    name: str, corpus: TextCorpus, seed: int, **chosen: float
) -> tuple[np.ndarray, float]:
    """Fit a baseline to the training text and let it write."""
    settings = BaselineSettings.resolve(
        {"model": name, "data": TEXTS, "seed": seed, "quiet": True, **chosen}
    )
    with retracing_allowed():  # every model is a new one
        generator = fit(name, TEXT, corpus, settings)
        texts = sample_texts(generator, corpus.train.size, seed, TEMPERATURE)
        return joined(texts, corpus), own_score(generator, corpus)


def own_score(generator: Density, corpus: TextCorpus) -> float:
    """Nats a character of the test text, but for its first one, which an LSTM only reads."""
    found, test = generator.log_likelihood(corpus.test), corpus.test
    return float(-found[:, 1:][test[:, 1:] != Vocabulary.UNKNOWN].mean())


def joined(texts: list[str], corpus: TextCorpus) -> np.ndarray:
    """As many characters of the texts as there are training characters: codes (1, characters)."""
    codes = np.concatenate([corpus.vocabulary.encode(text) for text in texts])
    return codes[None, : corpus.train.size]


def likeness(codes: np.ndarray, corpus: TextCorpus, ngram: KneserNey) -> dict[str, float]:
    """What a text, codes (characters,), is like beside the training text."""
    training = corpus.train[0]
    known = codes != Vocabulary.UNKNOWN
    return {
        "distinct_4": distinct_n(codes, 4),
        "longest_copy": float(longest_copied_substring(codes, training)["length"]),
        "known_words": known_word_share(
            corpus.vocabulary.decode(codes), corpus.vocabulary.decode(training)
        ),
        "ngram_bits": float(-ngram.log_probabilities(codes)[known].mean() / math.log(2)),
    }
