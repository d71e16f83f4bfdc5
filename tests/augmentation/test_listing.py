"""`augment list` shows every transform with what a recipe may set, and every recipe."""

import json

from augmentation.config import ListSettings
from augmentation.core.mixing import Mixup
from augmentation.listing import ORDER, default_text, entry, list_transforms
from augmentation.recipes.read import load_recipe
from augmentation.recipes.tables import shipped_recipes
from augmentation.texts.transforms import TEXT_TRANSFORMS
from augmentation.transforms.catalog import MIXINGS, TRANSFORMS


def test_every_transform_and_recipe_is_listed_with_its_fields(capsys):
    result = list_transforms(ListSettings())
    printed = capsys.readouterr().out
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    listed = {name: each for group in result["transforms"].values() for name, each in group.items()}
    kinds = {**TRANSFORMS, **MIXINGS, **TEXT_TRANSFORMS}
    assert set(listed) == set(kinds) and list(result["transforms"]) == list(ORDER)
    for name, kind in kinds.items():
        assert f"\n  {name}: " in printed
        fields = listed[name]["fields"]
        assert fields["probability"]["low"] == 0.0 and fields["probability"]["high"] == 1.0
        given = {field: options["default"] for field, options in fields.items()}
        given = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
        assert kind(**given) == kind()  # the defaults listed are those that hold
        assert all(options["help"] for options in fields.values())
        assert listed[name]["about"].endswith(".")
    for recipe, description in result["recipes"]["image"].items():
        assert f"  {recipe}: {description}" in printed
        load_recipe(recipe)
    assert set(result["recipes"]["image"]) == set(shipped_recipes("image"))
    assert {"sequence", "one_of"} == set(result["choices"])


def test_an_entry_by_hand(capsys):
    alpha = {"default": 0.2, "low": 0.01, "high": 100, "choices": None}
    help = "of the shares' Beta distribution; 1: all alike"
    assert entry(Mixup)["fields"]["alpha"] == {**alpha, "help": help}
    assert entry(TRANSFORMS["crop"])["notes"] == ["changes the size"]
    assert entry(TRANSFORMS["rotate"])["fields"]["degrees"]["default"] == [-15.0, 15.0]
    list_transforms(ListSettings())
    printed = capsys.readouterr().out
    assert "  hue: Other colours of the same saturation and value (of HSV). (colour" in printed
    _, flip = printed.split("\n  horizontal_flip: ")
    assert flip.splitlines()[1].strip().startswith("probability = 0.5 (0 to 1)")  # not the usual 1


def test_defaults_as_a_recipe_writes_them():
    options = {"default": [1, 2], "low": None, "high": 5, "choices": None}
    assert default_text(options) == "[1, 2] (... to 5)"
    assert default_text({**options, "high": None}) == "[1, 2]"
    assert default_text({**options, "default": 3.0, "high": None}) == "3.0"
    assert default_text({**options, "default": "a", "choices": ["a", "b"]}) == '"a" (a, b)'
