"""Noise for texts: a stream for each text, no unit torn apart, exact shares."""

import collections
import unicodedata

import numpy as np
import pytest
import scipy.stats

from augmentation.core.fields import FieldError
from augmentation.recipes.shipped import shipped_recipes
from augmentation.texts.recipe import (
    TextRecipe,
    load_text_recipe,
    text_recipe_text,
)
from augmentation.texts.transforms import (
    TEXT_TRANSFORMS,
    Alphabet,
    Delete,
    Insert,
    Replace,
    SpanCrop,
    Swap,
    delete_units,
    insert_units,
    replace_units,
    swap_units,
)
from augmentation.texts.units import is_fixed, split_units
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


def augment(*steps, texts=TEXTS, seed=0, epoch=0, first=0, **options):
    return recipe_of(*steps)(texts, seed, epoch, range(first, first + len(texts)), **options)


def test_every_text_has_a_stream_of_its_own():
    recipe = recipe_of(Replace(share=0.5))
    for index in (0, 5, 2**40 + 7):
        random = rng(3, TEXT_AUGMENTATION, 9, index)
        random.random()  # whether the step is applied
        expected = Replace(share=0.5)(list(ENGLISH), random, Alphabet(list(ENGLISH)))
        assert recipe([ENGLISH], 3, 9, [index]) == ["".join(expected)]


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
def test_a_text_has_one_fate_in_any_batch_and_order(step):
    whole = augment(step, Swap(), seed=2, epoch=1)
    for i, text in enumerate(TEXTS):
        assert augment(step, Swap(), texts=[text], seed=2, epoch=1, first=i) == [whole[i]]
    backwards = recipe_of(step, Swap())(TEXTS[::-1], 2, 1, range(len(TEXTS))[::-1])
    assert backwards[::-1] == whole
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
    after = augment(Insert(share=1.0), texts=["ab 明"])[0]
    assert after[0] == "a" and after[1] in "ab" and after[2] == "b" and after[3] in "ab"
    assert after[4:] == " 明明"


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
    changed = sum(
        text != "abcde" for text in augment(Swap(share=1.0, probability=0.3), texts=texts)
    )
    assert scipy.stats.binomtest(changed, 4_000, 0.3).pvalue > 1e-4
    after = augment(Replace(share=1.0), texts=texts)
    counts = collections.Counter(text[1] for text in after)
    assert set(counts) == set("acde")
    assert scipy.stats.chisquare(list(counts.values())).pvalue > 1e-4
    added = collections.Counter(text[1] for text in augment(Insert(share=1.0), texts=texts))
    assert set(added) == set("abcde")
    assert scipy.stats.chisquare(list(added.values())).pvalue > 1e-4


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


def test_the_functions_on_hand_written_units():
    units, alphabet = list("ab c"), Alphabet(list("abcx 1"))
    chosen = np.array([True, False, True, True])
    places = np.array([0, 0, 0, 1 - 2**-53])
    assert replace_units(units, chosen, places, alphabet) == list("bb x")
    assert swap_units(units, np.array([True, True, True, True])) == list("ba c")
    assert delete_units(units, chosen) == list("b ")
    assert insert_units(units, chosen, places, alphabet) == list("aab cx")
    assert is_fixed(" ") and is_fixed("\r\n") and is_fixed("\u0301") and not is_fixed("e\u0301")


def test_another_alphabet_can_be_given():
    after = augment(Replace(share=1.0), texts=["aaaa", "光"], alphabet="axyz光霜7")
    assert set(after[0]) <= set("xyz") and after[1] == "霜"


def test_steps_follow_one_another_and_draw_for_themselves():
    after = augment(Swap(share=1.0), Swap(share=1.0), texts=["abcdef"])
    assert after == ["abcdef"]
    one = augment(Replace(share=0.5), texts=[ENGLISH])
    two = augment(Swap(share=0.0), Replace(share=0.5), texts=[ENGLISH])
    assert one != two


@pytest.mark.parametrize("name", shipped_recipes("text"))
def test_shipped_text_recipes_work_and_read_back_equal(name, tmp_path):
    recipe = load_text_recipe(name)
    assert recipe.name == name and recipe.description
    copy = tmp_path / "copy.toml"
    copy.write_text(text_recipe_text(recipe), encoding="utf-8")
    assert load_text_recipe(copy) == recipe
    after = recipe([ENGLISH, CHINESE] * 10, 0, 0, range(20))
    assert len(set(after)) > 15
    assert all(set(text) <= set(ENGLISH + CHINESE) for text in after)


def test_every_text_transform_reads_back_equal(tmp_path):
    assert {step.name() for step in NOISES} == set(TEXT_TRANSFORMS)
    recipe = recipe_of(*NOISES, *[type(step)(probability=0.25) for step in NOISES])
    path = tmp_path / "all.toml"
    path.write_text(text_recipe_text(recipe), encoding="utf-8")
    assert load_text_recipe(path) == recipe


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


def test_what_is_no_list_of_texts_is_refused():
    recipe = recipe_of(Swap())
    for texts, seed, numbers, message in (
        ("abc", 0, range(3), "one text; a list of texts"),
        ([b"abc"], 0, [0], "something that is no text"),
        (["a", "b"], 0, [0], "1 numbers for 2 texts"),
        (["a"], 0, [-1], "one number from 0"),
        (["a"], -1, [0], "seed -1; a whole number"),
    ):
        with pytest.raises(InputError, match=message):
            recipe(texts, seed, 0, numbers)
    with pytest.raises(FieldError, match="text transforms"):
        recipe_of(Swap)
