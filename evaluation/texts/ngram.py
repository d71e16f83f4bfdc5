"""The n-gram that stands beside every model of text; no TensorFlow."""

from baselines.ngram.kneser_ney import KneserNey
from data.texts.load import TextCorpus
from data.texts.vocabulary import Vocabulary

NGRAM_CONTEXT = 6  # where the n-gram is best on tiny-shakespeare
MOST_COUNTED = 10_000_000  # training characters the n-gram counts: about 100 bytes each


def fit_ngram(corpus: TextCorpus) -> KneserNey:
    """The Kneser-Ney n-gram of a corpus' training part (its end, if it is very long)."""
    longest = MOST_COUNTED // len(corpus.train)
    context = min(NGRAM_CONTEXT, corpus.train.shape[1] - 1)
    return KneserNey.fit(corpus.train[:, -longest:], corpus.vocabulary.size, context)


def ngram_of_text(text: str, vocabulary: Vocabulary) -> KneserNey:
    """The same of a text of at least 2 characters."""
    codes = vocabulary.encode(text[-MOST_COUNTED:])
    context = max(1, min(NGRAM_CONTEXT, len(codes) - 1))
    return KneserNey.fit(codes[None], vocabulary.size, context)
