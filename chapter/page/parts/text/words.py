"""The words of the text part. What depends on the run is a function of what was measured."""

import math

from data.texts.load import TextCorpus

CORPUS = "Human: the beginning of the held-out text, which no model was trained on."
WHAT_IT_IS = (
    "The chapter's model reads a text character by character and learns what comes next: an "
    "embedding, two layers of LSTM cells one upon the other, and a layer that gives every "
    "character a score. The printed listing ends there; it has no vocabulary, no text, no "
    "validation, and never writes a character (`python run.py errata`). Here the text is cut into "
    "parallel streams, the state is carried from step to step, and the weights of the best epoch "
    "on validation text are kept."
)
LOSS_TITLE = "nats a character"
LOSS_CAPTION = (
    "Healthy: both curves fall together, then more slowly. Validation rising while training falls "
    "would mean learning by heart. Below the dotted line of the n-gram, the network knows "
    "something that counting six characters of context does not."
)
TEMPERATURE = (
    "A trained model gives every next character a probability, and a draw decides. The temperature "
    "divides the scores before the draw: below 1 the likely becomes likelier, above 1 the text "
    "grows wilder, at 0 it is always the likeliest character and soon runs in circles."
)
SCORES_CAPTION = (
    "Nats a character on text that was not trained on, lower is better. `carried`: one pass in "
    "order, the state kept; `windows`: random windows of 256 characters from the zero state. The "
    "same model scores differently under each, and differently again on another cut of the text: "
    "figures compare only under one protocol"
)
NGRAM = (
    "The n-gram beside it is a modified Kneser-Ney model with six characters of context, counted "
    "in seconds on the same text. It is a hard baseline: a network that does not pass it has "
    "learned nothing that counting does not know."
)
METRICS_CAPTION = (
    "The text that the model wrote, beside as much held-out human text. Column `human`: what a "
    "perfect generator would reach"
)
NOVELTY_ALT = "Two curves over the length of substrings, for synthetic and for human text."
NOVELTY = (
    "How much is copied? The share of substrings that the training text does not have. Human text "
    "repeats itself, too: only a curve below the human one means copying."
)
UTILITY = (
    "The chapter mixes generated text into the original to make the data set more diverse (4.3.2, "
    "step 3). A generator knows nothing but its training text, so the mixture holds no new "
    "information; whether it helps all the same has to be measured: `python run.py text utility "
    "RUN` trains the same model on real text, on synthetic text and on both, at an equal budget."
)


def corpus(corpus: TextCorpus) -> str:
    """What the text is and how it is cut."""
    cleaning = "Cleaning changed nothing."
    if corpus.changes:
        cleaning = "Cleaning: " + "; ".join(
            f"{kind} {count:,} times" for kind, count in corpus.changes.items()
        )
    return (
        f"`{corpus.name}`: {len(corpus.vocabulary.characters)} different characters in the "
        f"training part. {corpus.protocol}. {cleaning}"
    )


def at_a_glance(report: dict) -> str:
    """What the model knows, in two sentences."""
    test = report["scores"]["test"]
    verdict = "lower" if test["carried"] < test["ngram"] else "not yet lower"
    return (
        f"The synthetic text was written character by character by the chapter's stacked LSTM, "
        f"trained on `{report['data']}`. On text it never saw it needs {test['carried_bits']:.2f} "
        f"bits a character, {verdict} than the {test['ngram_bits']:.2f} of an n-gram that counts "
        f"six characters of context; all characters equally likely would be "
        f"{math.log2(report['vocabulary_size']):.2f}."
    )


def training(rows: list[dict], best_epoch: int) -> str:
    """How the training went."""
    seconds = sum(row["seconds"] for row in rows)
    return (
        f"{len(rows)} epochs in {seconds / 60:.1f} minutes; the best validation loss was that of "
        f"epoch {best_epoch}, whose weights are used below."
    )
