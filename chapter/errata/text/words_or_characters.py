"""E20. Words in the prose, unnamed units in the listing: see docs/errata.md."""

from collections.abc import Callable

from chapter.errata.exhibit import Exhibit, Measures
from data.texts.load import read_text
from evaluation.metrics.texts.diversity import words_of
from lstm_text.config import TextSettings


def exhibit(seed: int) -> Exhibit:
    """E20: what a vocabulary of words costs, and what it cannot read, beside one of characters."""
    texts = {"English": read_text("shakespeare"), "Chinese": read_text("tang_poems")}

    def measures(units_of: Callable[[str], list[str] | str]) -> Measures:
        sizes, unknown = {}, {}
        for language, text in texts.items():
            cut = int(0.9 * len(text))
            known, held_out = set(units_of(text[:cut])), units_of(text[cut:])
            sizes[language] = len(known)
            unknown[language] = sum(unit not in known for unit in held_out) / len(held_out)
        weights_of_each = TextSettings.embedding_dim + TextSettings.units + 1
        return {
            "different units, English plays": sizes["English"],
            "share of held-out units never seen, English": unknown["English"],
            "different units, Chinese poems": sizes["Chinese"],
            "share of held-out units never seen, Chinese": unknown["Chinese"],
            "weights of the first and the last layer, English": sizes["English"] * weights_of_each,
        }

    return Exhibit(measures(words_of), measures(str))
