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
