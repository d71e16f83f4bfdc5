"""The words of the page: every text is used, and nothing is left blank."""

from pathlib import Path

import jinja2
import pytest

from chapter.page import words
from chapter.page.words import Words

FOLDER = Path(words.__file__).parent
PARTS = sorted(path.stem for path in (FOLDER / "words").glob("*.toml"))


@pytest.mark.parametrize("part", PARTS)
def test_every_text_is_used_where_it_belongs(part):
    source = FOLDER / ("command.py" if part == "page" else f"parts/{part}.py")
    code = source.read_text(encoding="utf-8")
    for name, text in Words(part).texts.items():
        if isinstance(text, str):
            assert f'"{name}"' in code, name
        else:  # a table of texts: all of it, or one by one
            whole = f'texts["{name}"]' in code or f'f"{name}.' in code
            assert whole or all(f'"{name}.{each}"' in code for each in text), name


def test_a_text_is_one_line_and_misses_nothing():
    say = Words("data")
    assert say("counts", name="mnist") == "Images of mnist by class and split"
    assert "\n" not in Words("gan")("e1_mechanism")
    with pytest.raises(jinja2.UndefinedError, match="name"):
        say("counts")
    with pytest.raises(KeyError):
        say("captions.none")


def test_what_cleaning_changed_is_told():
    class Corpus:
        name, protocol, changes = "plays", "Nine tenths are trained on", {}

        class vocabulary:
            characters = "abc"

    say = Words("text")
    told = "`plays`: 3 different characters in the training part. Nine tenths are trained on. "
    assert say("corpus_cut", corpus=Corpus) == told + "Cleaning changed nothing."
    Corpus.changes = {"line ends unified": 1200, "tabs": 3}
    expected = told + "Cleaning: line ends unified 1,200 times; tabs 3 times"
    assert say("corpus_cut", corpus=Corpus) == expected
