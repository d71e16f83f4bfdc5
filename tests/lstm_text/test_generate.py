"""Text is a function of (run, seed, stream, prime, choice); files carry their provenance."""

import csv
import dataclasses
import json
import shutil
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import run as command_line
from data.texts.vocabulary import Vocabulary
from lstm_text import generate as sampling
from lstm_text.config import GenerateSettings, TextSettings
from lstm_text.generate import ON_SCREEN, generate
from lstm_text.model import CharacterModel
from lstm_text.sampler import GROUP, MOST_PIECES, PIECE
from lstm_text.trained import TrainedText
from tests.runs import refused
from training.run_directory import open_run
from training.stored import load_run, save_generator

CHARACTERS = "\n abcdefghijklmnoé鵝"
A_CALL = PIECE * MOST_PIECES  # characters


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run directory whose model was not trained, but has strong weights: its texts vary."""
    settings = TextSettings(out=str(tmp_path_factory.mktemp("runs") / "run"), units=8, layers=2)
    path = open_run(settings, "text", "0" * 64)
    vocabulary = Vocabulary(tuple(sorted(CHARACTERS)))
    model = CharacterModel(vocabulary.size, settings.embedding_dim, settings.units)
    generator = np.random.default_rng(0)
    *weights, head, bias = [generator.normal(size=each.shape) for each in model.get_weights()]
    model.set_weights([*weights, 2.0 * head, 0.0 * bias])
    save_generator(path, TrainedText(model, vocabulary))
    return path


@pytest.fixture(scope="module")
def writer(run):
    return load_run(run, "text").generator


@pytest.fixture(autouse=True)
def compiled_once(monkeypatch, run, writer):
    """One model for all tests that only read it: its drawing takes a second to compile."""

    def load(path, family):
        stored = load_run(path, family)
        return dataclasses.replace(stored, generator=writer) if Path(path) == run else stored

    monkeypatch.setattr(sampling, "load_run", load)


def settings(run, **given) -> GenerateSettings:
    return GenerateSettings.resolve({"run": str(run), "quiet": True, **given})


def written(run, out, **given) -> list[str]:
    result = generate(settings(run, out=str(out), **given))
    texts = [path.read_text(encoding="utf-8") for path in sorted(out.glob("*.txt"))]
    assert result == {"out": str(out), "characters": sum(map(len, texts))}
    return texts


def test_the_same_stream_for_any_number_of_streams_and_any_length(run, tmp_path):
    reference = written(run, tmp_path / "reference", streams=9, length=A_CALL + 1, seed=3)
    assert len(reference) == len(set(reference)) == 9
    assert {len(text) for text in reference} == {A_CALL + 1}
    assert len(set("".join(reference))) > 10  # texts, not one character
    for streams, length in ((1, A_CALL + 1), (2, 1), (4, 64), (5, PIECE + 1), (8, A_CALL)):
        received = written(run, tmp_path / str(streams), streams=streams, length=length, seed=3)
        assert received == [text[:length] for text in reference[:streams]]
    with open(tmp_path / "reference" / "manifest.csv", newline="", encoding="utf-8") as file:
        rows = [(row["generator"], row["run"], row["seed"]) for row in csv.DictReader(file)]
    assert rows == [("lstm_text", str(run), "3")] * 9


def test_streams_of_several_groups_are_those_drawn_alone(run, writer, tmp_path):
    count = 2 * GROUP + 1
    texts = written(run, tmp_path / "out", streams=count, length=70, prime="abé", seed=4)
    assert len(set(texts)) == count and {len(text) for text in texts} == {73}
    for stream in (0, 1, GROUP - 1, GROUP, GROUP + 5, count - 1):
        assert texts[stream] == "abé" + writer.sample(4, stream, 1, length=70, prime="abé")[0]
    middle = writer.sample(4, GROUP - 2, 5, length=70, prime="abé")
    assert ["abé" + text for text in middle] == texts[GROUP - 2 : GROUP + 3]


def test_no_more_is_drawn_than_the_texts_need(run, writer, monkeypatch):
    asked, original = [], TrainedText.pieces

    def pieces(self, sampler, start, seed, group, characters):
        for piece in original(self, sampler, start, seed, group, characters):
            asked.append(group)
            yield piece

    monkeypatch.setattr(TrainedText, "pieces", pieces)
    chosen = settings(run, streams=GROUP + 1, length=A_CALL + 1)
    full = list(sampling.texts(chosen, writer, [1]))
    assert [len(text) for text in full] == [A_CALL + 1] * (GROUP + 1)
    assert sorted(asked) == [0, 0, 1, 1]
    (first,) = writer.sample(0, GROUP, 1, length=1)
    for stop in (full[0][:9], first):  # at once; of the last group, too
        asked.clear()
        ended = list(sampling.texts(dataclasses.replace(chosen, stop=stop), writer, [1]))
        assert ended == [text.split(stop)[0] for text in full]
    assert asked.count(1) == 1


def test_the_seed_and_the_prime_text_change_the_text(run, writer, tmp_path):
    given = ({}, {"seed": 1}, {"prime": "abc"}, {"prime": "é鵝"})
    texts = [
        written(run, tmp_path / str(number), length=64, **each)[0][len(each.get("prime", "")) :]
        for number, each in enumerate(given)
    ]
    assert len(set(texts)) == len(texts)
    assert texts[0] == writer.sample(0, 0, 1, length=64)[0]


@pytest.mark.parametrize("streams", [1, 2])
def test_the_choice_reaches_the_sampler(run, monkeypatch, capsys, streams):
    """What it does there, tests/lstm_text/test_sampler.py says."""
    chosen, original = [], TrainedText.sampler
    monkeypatch.setattr(
        TrainedText, "sampler", lambda self, *choice: chosen.append(choice) or original(self)
    )
    for given in ({}, {"temperature": 2.0}, {"top_k": 2}, {"top_p": 0.3}):
        generate(settings(run, length=1, streams=streams, **given))
    assert chosen == [(0.8, None, None), (2.0, None, None), (0.8, 2, None), (0.8, None, 0.3)]


def live(run, capsys, **given) -> str:
    capsys.readouterr()
    result = generate(settings(run, **given))
    shown = capsys.readouterr().out
    assert shown.endswith("\n") and result["out"] is None
    assert result["characters"] == len(shown) - 1 - len(given.get("prime", ""))
    return shown[:-1]


@pytest.mark.parametrize("length", [1, *(ON_SCREEN + more for more in (-1, 0, 1)), 150])
def test_the_screen_shows_what_the_file_holds(run, tmp_path, capsys, length):
    shown = live(run, capsys, length=length, prime="abé")
    assert [shown] == written(run, tmp_path / "out", length=length, prime="abé")
    assert len(shown) == 3 + length and shown.startswith("abé")


# Where the stop text begins and ends in a text of LENGTH characters: at its start, inside a call,
# across the border of two calls, over more than a call, at its end.
LENGTH, BORDER = ON_SCREEN * 3 + 4, ON_SCREEN
STOPS = [(0, 1), (0, 5), (0, BORDER + 8), (10, 14), (BORDER - 4, BORDER + 4), (BORDER, BORDER + 8)]
STOPS += [(BORDER - 1, BORDER + 1), (20, 30 + 2 * BORDER), (LENGTH - 5, LENGTH)]


@pytest.mark.parametrize(("first", "last"), STOPS)
def test_a_stream_ends_before_the_stop_text(run, writer, tmp_path, capsys, first, last):
    text, second = writer.sample(0, 0, 2, length=LENGTH)
    stop = text[first:last]
    expected = text[: text.index(stop)]
    assert len(expected) == first or last - first < 3  # the place that is meant
    given = {"length": LENGTH, "stop": stop}
    assert live(run, capsys, **given) == expected
    assert written(run, tmp_path / "out", **given) == [expected]
    both = written(run, tmp_path / "both", streams=2, **given)
    assert both == [expected, second.split(stop)[0]]


def test_a_stop_text_that_is_not_whole_before_the_end_stops_nothing(run, writer, tmp_path, capsys):
    text = writer.sample(0, 0, 1, length=LENGTH)[0]
    for length in (LENGTH - 4, LENGTH - 1):
        given = {"length": length, "stop": text[LENGTH - 10 :]}
        assert live(run, capsys, **given) == text[:length]
        assert written(run, tmp_path / str(length), **given) == [text[:length]]


def test_nothing_of_the_stop_text_is_ever_shown(run, writer, monkeypatch):
    """What is on the screen cannot be taken back."""
    text = writer.sample(0, 0, 1, length=LENGTH)[0]
    pieces = []

    class Screen:
        def write(self, piece):
            pieces.append(piece)

        def flush(self):
            pass

    monkeypatch.setattr(sys, "stdout", Screen())
    sampling.show_as_drawn(settings(run, length=LENGTH, stop=text[100:110]), writer, [1])
    shown = [piece for piece in pieces if piece]
    assert "".join(shown) == text[:100] + "\n"
    assert len(shown) > 1 + 100 // ON_SCREEN  # as it is drawn, not at the end


def test_the_command_writes_nothing_but_the_text_and_a_line_above_each_of_several(
    run, writer, capsys
):
    first, second = ("aé" + text for text in writer.sample(2, 0, 2, length=60, prime="aé"))
    shown = {1: first + "\n", 2: f"=== stream 1 of 2\n{first}\n=== stream 2 of 2\n{second}\n"}
    for streams, expected in shown.items():
        flags = f"--length 60 --prime aé --seed 2 --streams {streams}".split()
        assert command_line.main(["text", "generate", str(run), *flags]) == 0
        captured = capsys.readouterr()
        assert (captured.out, captured.err) == (expected, "")


def test_without_prime_text_a_line_break_is_read(writer):
    codes = {character: code for code, character in enumerate(sorted(CHARACTERS), start=1)}
    assert writer.prime_codes(None) == [codes["\n"]]
    assert writer.prime_codes("é a") == [codes["é"], codes[" "], codes["a"]]
    other = TrainedText(writer.model, Vocabulary(("b", "c")))
    assert other.prime_codes(None) == [1]


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--temperature", "-0.1"), "--temperature -0.1; a number of at least 0"),
        (("--top-p", "0"), "--top-p 0.0; a number of at least 1e-06 and at most 1"),
        (("--top-p", "1.5"), "--top-p 1.5; a number of at least"),
        (("--top-k", "0"), "--top-k 0; a number of at least 1"),
        (("--length", "0"), "--length 0; a number of at least 1"),
        (("--streams", "0"), "--streams 0; a number of at least 1"),
        (("--seed", "-1"), "--seed -1; a number of at least 0"),
        (("--prime", ""), "--prime ''; at least one character"),
        (("--stop", ""), "--stop ''; at least one character"),
        (("--prime", "aXbXY"), "--prime has 'X' (U+0058), 'Y' (U+0059), which"),
        (("--prime", "\udcff"), r"--prime has '\udcff' (U+DCFF), which"),  # a byte, no UTF-8
        (("--stop", "aQ"), "--stop has 'Q' (U+0051), "),
    ],
)
def test_wrong_flags_are_refused_in_one_line(run, capsys, flags, message):
    assert message in refused(capsys, "text", "generate", run, *flags)


def gan_run(path: Path) -> None:
    config = {"kind": "gan", "settings": {"seed": 0}, "data_sha256": "0" * 64}
    (path / "config.json").write_text(json.dumps(config))


def described(**values):
    """A change of model.json."""

    def change(path: Path) -> None:
        description = json.loads((path / "model" / "model.json").read_text(encoding="utf-8"))
        (path / "model" / "model.json").write_text(json.dumps(description | values))

    return change


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: (path / "config.json").unlink(), "has no config.json"),
        (gan_run, "holds a run of gan; a run of text"),
        (lambda path: shutil.rmtree(path / "model"), "has no model/model.json; a trained model"),
        (described(vocabulary={"characters": "ba"}), "a damaged vocabulary"),
        (described(units=9), "do not describe its model (ValueError("),
        (described(units="9"), "sizes ["),
        (described(layers=0), "sizes ["),
        (described(embedding_dim=5.5), "sizes ["),
        (described(weights=7), "is damaged (ValueError('weights is 7, not a text'))"),
    ],
)
def test_what_is_no_whole_run_is_refused(run, tmp_path, capsys, damage, message):
    damage(shutil.copytree(run, tmp_path / "RUN"))
    words = "text", "generate", tmp_path / "RUN", "--out", tmp_path / "out"
    assert message in refused(capsys, *words)
    assert not (tmp_path / "out").exists()


def test_who_stops_early_does_not_wait_for_the_rest(writer, monkeypatch):
    """Ctrl-C while other threads still draw long texts: they end too."""

    def pieces(self, sampler, start, seed, group, characters):
        while True:
            time.sleep(0.05 if group else 0.0)
            yield np.ones((GROUP, A_CALL), np.int32)

    monkeypatch.setattr(TrainedText, "pieces", pieces)
    texts = writer.texts(writer.sampler(), [1], 0, 0, 5 * GROUP, A_CALL * 1000)
    assert len(next(texts)) == A_CALL * 1000
    started = time.monotonic()
    texts.close()
    assert time.monotonic() - started < 10  # the others would take 50 seconds
