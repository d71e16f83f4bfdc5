"""E20. Words in the prose, unnamed units in the listing

- **Place:** 5.3.2 (word embeddings, output words) against 5.2.2.
- **Wrong:** The prose speaks of words. The listing only has the size of a vocabulary and never
  says of what; what it is decides how large both ends of the model are, and what the model can
  read at all.
- **Shows:** `python run.py errata --only E20`, first nine tenths of each embedded text against
  the last: the English plays have 28,371 different words and 79 characters; 4.7 % of the held-out
  words never occurred in training, and 0 % of the characters. At the default sizes the first and
  the last layer have 9,107,091 weights for words and 25,359 for characters. Chinese has no spaces
  to cut at: what stands between two marks is mostly a whole line, and 86 % of the held-out ones
  are new, against 0.15 % of the characters.
- **Here:** Characters throughout: `data/texts/vocabulary.py:Vocabulary`, one code for everything
  unknown; `lstm_text/model.py:CharacterModel` has a vector for each of them. Words are described,
  not implemented ([chapter map](chapter_map.md)).
- **Test:** `tests/chapter/errata/text/test_exhibits.py::test_e20_words_or_characters`
"""

from collections.abc import Callable

from chapter.errata.exhibit import Exhibit
from data.texts.load import read_text
from evaluation.metrics.texts.diversity import words_of
from lstm_text.config import TextSettings


def exhibit(seed: int) -> Exhibit:
    """E20: what a vocabulary of words costs, and what it cannot read, beside one of characters."""
    texts = {name: read_text(name) for name in ("shakespeare", "tang_poems")}

    def measures(units_of: Callable[[str], list[str] | str]) -> dict:
        sizes, unknown = {}, {}
        for name, text in texts.items():
            cut = int(0.9 * len(text))
            known, held_out = set(units_of(text[:cut])), units_of(text[cut:])
            sizes[name] = len(known)
            unknown[name] = sum(unit not in known for unit in held_out) / len(held_out)
        embedding_dim, units = TextSettings.embedding_dim, TextSettings.units
        return {
            "different units, English plays": sizes["shakespeare"],
            "share of held-out units never seen, English": unknown["shakespeare"],
            "different units, Chinese poems": sizes["tang_poems"],
            "share of held-out units never seen, Chinese": unknown["tang_poems"],
            "weights of the first and the last layer, English": sizes["shakespeare"]
            * (embedding_dim + units + 1),
        }

    return Exhibit(measures(words_of), measures(str))
