"""Noise for texts: a stream for each text, no unit torn apart, exact shares."""

import collections
import unicodedata

import numpy as np
import pytest
import scipy.stats

from augmentation.recipes.tables import shipped_recipes
from augmentation.texts.recipe import TextRecipe, load_text_recipe
from augmentation.texts.transforms import (
    TEXT_TRANSFORMS,
    Alphabet,
    Delete,
    Insert,
    Replace,
    SpanCrop,
    Swap,
    is_fixed,
    split_units,
)
from foundation.errors import InputError
from foundation.purposes import TEXT_AUGMENTATION, rng

ENGLISH = "Shall I compare thee to a summer's day?\nThou art more lovely and more temperate: 18."
CHINESE = "床前明月光，疑是地上霜。\n举头望明月，低头思故乡。"
FAMILY, FLAG, THUMB = "👩‍👩‍👧", "🇨🇳", "👍🏽"
MIXED = f"e\u0301te\u0301 {FAMILY}{FLAG}🇫🇷 {THUMB}한국 \u1112\u1161\u11ab नमस्ते\r\nABC 123"
TEXTS = [ENGLISH, CHINESE, MIXED, "a", "", " \n ", "中"]
NOISES = [Replace(share=0.3), Swap(share=0.3), Delete(share=0.3), Insert(share=0.3), SpanCrop()]
EVERY = pytest.mark.parametrize("step", NOISES, ids=[step.name() for step in NOISES])


def recipe_of(*steps):
    return TextRecipe("toy", steps=steps)


def augment(*steps, texts=TEXTS, seed=0, epoch=0, first=0):
    recipe = recipe_of(*steps)
    return [recipe(text, seed, epoch, index) for index, text in enumerate(texts, first)]


def test_every_text_has_a_stream_of_its_own():
    recipe = recipe_of(Replace(share=0.5))
    for index in (0, 5, 2**40 + 7):
        random = rng(3, TEXT_AUGMENTATION, 9, index)
        random.random()  # whether the step is applied
        expected = Replace(share=0.5)(list(ENGLISH), random, Alphabet(list(ENGLISH)))
        assert recipe(ENGLISH, 3, 9, index) == "".join(expected)


@pytest.mark.parametrize(
    "text, units",
    [
        ("ab c", ["a", "b", " ", "c"]),
        ("明月，", ["明", "月", "，"]),
        ("e\u0301a\u0300\u0323", ["e\u0301", "a\u0300\u0323"]),
        (FAMILY + FLAG + "🇫🇷" + THUMB, [FAMILY, FLAG, "🇫🇷", THUMB]),
        ("❤\ufe0fx", ["❤\ufe0f", "x"]),
        ("\u1112\u1161\u11ab\u1100\u1161", ["\u1112\u1161\u11ab", "\u1100\u1161"]),
        ("한국", ["한", "국"]),
        ("नमस्ते", ["न", "म", "स्", "ते"]),
        ("กำ", ["กำ"]),
        ("a\r\nb\n\u0301", ["a", "\r\n", "b", "\n", "\u0301"]),
        ("\u0301a", ["\u0301", "a"]),
        ("\ud83d\ude00", ["\ud83d\ude00"]),  # an emoji as two halves
        ("葛\U000e0100城", ["葛\U000e0100", "城"]),
        ("", []),
    ],
)
def test_a_unit_is_what_readers_take_for_a_character(text, units):
    assert split_units(text) == units


@EVERY
def test_seed_epoch_and_number_each_change_the_fate(step):
    fates = {
        augment(step, seed=s, epoch=e, first=f)[0] for s in (0, 1) for e in (0, 1) for f in (0, 9)
    }
    assert len(fates) == 8


@EVERY
def test_no_unit_is_torn_apart_and_spaces_stay(step):
    texts = [MIXED] * 200
    units = set(split_units(MIXED))
    for after in augment(step, texts=texts):
        assert set(split_units(after)) <= units
        if step.name() != "span_crop":
            spaces = [unit for unit in split_units(after) if unit.isspace()]
            assert spaces == [" ", " ", " ", " ", "\r\n", " "]
        assert after and after.encode()  # neither empty nor half a character


@EVERY
def test_characters_are_of_the_text_and_of_the_kind_of_their_neighbours(step):
    for text in (ENGLISH, CHINESE):
        before = collections.Counter(map(unicodedata.category, text))
        for after in augment(step, texts=[text] * 50):
            assert set(after) <= set(text)
            if step.name() in ("replace", "swap"):
                assert collections.Counter(map(unicodedata.category, after)) == before


def test_strength_zero_gives_the_text_back():
    steps = [kind(share=0.0) for kind in (Replace, Swap, Delete, Insert)]
    steps += [SpanCrop(share=(1.0, 1.0)), Replace(share=1.0, probability=0.0)]
    assert augment(*steps) == TEXTS


def test_strength_one_changes_all_that_can_be_changed():
    letters = ["abcdefgh", "明月光霜"]
    for before, after in zip(letters, augment(Replace(share=1.0), texts=letters), strict=True):
        assert all(a != b for a, b in zip(before, after, strict=True))
    assert augment(Swap(share=1.0), texts=["abcde", "ab cd"]) == ["badce", "ba dc"]
    assert augment(Delete(share=1.0), texts=["abc", "a b"]) == ["abc", "a b"]


def test_a_letter_becomes_one_of_its_own_script():
    scripts = ["abc", "где", "明月光", "かなも", "XYZ", "123", "，。！"]
    for after in augment(Replace(share=1.0), texts=["".join(scripts)] * 50):
        for i, script in enumerate(scripts):
            assert set(after[3 * i : 3 * i + 3]) <= set(script)


@pytest.mark.parametrize("kind", [Replace, Delete, Insert])
@pytest.mark.parametrize("share", [0.02, 0.5])
def test_the_share_is_exact(kind, share):
    text = "ab" * 10_000
    after = augment(kind(share=share), texts=[text])[0]
    if kind is Replace:
        count = sum(a != b for a, b in zip(text, after, strict=True))
    else:
        count = abs(len(after) - len(text))
    assert scipy.stats.binomtest(count, len(text), share).pvalue > 1e-4


def test_the_probability_is_exact_and_new_characters_are_even():
    texts = ["abcde"] * 4_000
    swapped = augment(Swap(share=1.0, probability=0.3), texts=texts)
    assert scipy.stats.binomtest(4_000 - swapped.count("abcde"), 4_000, 0.3).pvalue > 1e-4
    for step, expected in ((Replace(share=1.0), "acde"), (Insert(share=1.0), "abcde")):
        counts = collections.Counter(text[1] for text in augment(step, texts=texts))
        assert set(counts) == set(expected)
        assert scipy.stats.chisquare(list(counts.values())).pvalue > 1e-4


def test_a_span_is_a_piece_of_the_stated_length_anywhere():
    text = "".join(chr(0x4E00 + i) for i in range(100))
    pieces = augment(SpanCrop(share=(0.5, 0.8)), texts=[text] * 1500)
    assert all(piece in text for piece in pieces)
    lengths = np.array([len(piece) for piece in pieces])
    assert lengths.min() == 50 and lengths.max() == 80
    places = [text.index(piece) / (100 - len(piece)) for piece in pieces]
    assert min(places) == 0 and max(places) == 1
    assert scipy.stats.kstest(places, "uniform").statistic < 0.04
    assert augment(SpanCrop(share=(0.0, 0.0)), texts=["abc", ""])[1] == ""
    assert len(augment(SpanCrop(share=(0.0, 0.0)), texts=["abc"])[0]) == 1


def test_the_steps_on_hand_written_units():
    units, alphabet = list("ab c"), Alphabet(list("abcx 1"))
    chosen, places = np.array([[0.1, 0.9, 0.1, 0.1], [0, 0, 0, 1 - 2**-53]])

    class Drawn:
        """Stands for NumPy's generator."""

        def random(self, shape):
            return (chosen, places) if isinstance(shape, tuple) else chosen

    assert Replace(share=0.5)(units, Drawn(), alphabet) == list("bb x")
    assert Swap(share=1.0)(units, Drawn(), alphabet) == list("ba c")
    assert Delete(share=0.5)(units, Drawn(), alphabet) == list("b ")
    assert Insert(share=0.5)(units, Drawn(), alphabet) == list("aab cx")
    assert is_fixed(" ") and is_fixed("\r\n") and is_fixed("\u0301") and not is_fixed("e\u0301")


def test_steps_follow_one_another_and_draw_for_themselves():
    after = augment(Swap(share=1.0), Swap(share=1.0), texts=["abcdef"])
    assert after == ["abcdef"]
    one = augment(Replace(share=0.5), texts=[ENGLISH])
    two = augment(Swap(share=0.0), Replace(share=0.5), texts=[ENGLISH])
    assert one != two


@pytest.mark.parametrize("name", shipped_recipes("text"))
def test_shipped_text_recipes_work(name):
    recipe = load_text_recipe(name)
    assert recipe.name == name and recipe.description
    after = [recipe(text, 0, 0, index) for index, text in enumerate([ENGLISH, CHINESE] * 10)]
    assert len(set(after)) > 15
    assert all(set(text) <= set(ENGLISH + CHINESE) for text in after)


def test_every_text_transform_is_read_from_a_file(tmp_path):
    assert {step.name() for step in NOISES} == set(TEXT_TRANSFORMS)
    lines = ['schema = 1\nkind = "text"\nname = "toy"']
    for step in NOISES:
        share = list(step.share) if isinstance(step, SpanCrop) else step.share
        lines.append(f'[[steps]]\ntransform = "{step.name()}"\nshare = {share}')
    (tmp_path / "all.toml").write_text("\n".join(lines), encoding="utf-8")
    assert load_text_recipe(tmp_path / "all.toml") == recipe_of(*NOISES)


START = 'schema = 1\nkind = "text"\nname = "bad"\n[[steps]]\ntransform = '


@pytest.mark.parametrize(
    "text, message",
    [
        (START + '"replce"', 'bad.toml: steps[0].transform "replce"; replace, perhaps'),
        (START + '"brightness"', 'steps[0].transform "brightness"; one of delete, insert'),
        (START + '"swap"\nshare = 2', "bad.toml: steps[0].share 2; a number of at least 0.0"),
        (START + '"swap"\nprobability = 1.2', "steps[0].probability 1.2; a number of"),
        (START + '"span_crop"\nshare = [1, 0]', "steps[0].share [1, 0]; the smaller number first"),
        (START + '"swap"\nlength = 2', "bad.toml: steps[0].length 2; one of the fields prob"),
        (START.replace('kind = "text"\n', "") + '"swap"', 'bad.toml: kind "image"; "text"'),
        ('schema = 1\nkind = "text"\nname = "bad"', "bad.toml: steps []; at least one step"),
    ],
)
def test_a_wrong_field_is_named_with_its_path(text, message, tmp_path):
    (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_text_recipe(tmp_path / "bad.toml")
    assert message in str(error.value)
