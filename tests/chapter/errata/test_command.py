"""Each erratum: the defect is there, the cure cures, and docs, command and code agree."""

import functools
import json
import math
import re
import types
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from chapter.errata.command import choose, errata, readable
from chapter.errata.config import ErrataSettings
from chapter.errata.entry import Exhibit
from chapter.errata.gan.listing import names_asked_for, oldest_python, run_outline, unresolved_names
from chapter.errata.gan.objective import objective, solve_max_min, solve_min_max
from chapter.errata.gan.training import FLOOR, lowest_discriminator_loss, nearest_mean_accuracy
from chapter.errata.list import ERRATA
from foundation.errors import InputError
from gan.losses import discriminator_loss, generator_loss

ROOT = Path(__file__).parents[3]
DOCS = (ROOT / "docs" / "errata.md").read_text(encoding="utf-8")
ENTRY = re.compile(r"^## (E\d+)\. (.+)$", re.MULTILINE)
FIELDS = ("Place", "Wrong", "Shows", "Here", "Test")


@functools.cache
def exhibit_of(number):
    return choose(number)[0].exhibit(0)


def entries():
    """{number: text of the entry in docs/errata.md}."""
    parts = ENTRY.split(DOCS)[1:]
    return {parts[i]: parts[i + 2] for i in range(0, len(parts), 3)}


def both(number, measure):
    exhibit = exhibit_of(number)
    return exhibit.defect[measure], exhibit.cure[measure]


def test_e1_sigmoid_into_logits():
    assert math.isclose(FLOOR, 1.0064, abs_tol=5e-5)
    floor, reachable = both("E1", "lowest possible discriminator loss")
    assert floor == pytest.approx(FLOOR, abs=1e-6) and reachable < 1e-6
    frozen_g, moving_g = both("E1", "generator loss in the last epoch")
    frozen_d, moving_d = both("E1", "discriminator loss in the last epoch")
    assert frozen_g == pytest.approx(math.log(2), abs=1e-3)
    assert frozen_d == pytest.approx(2 * math.log(2), abs=1e-3)
    assert abs(moving_g - math.log(2)) > 0.05 and abs(moving_d - 2 * math.log(2)) > 0.05
    still, moving = both("E1", "its change since the epoch before")
    assert still < 1e-3 < moving
    blind, seeing = both("E1", "share of real images called real")
    assert blind < 0.01 and seeing > 0.6
    lost, arriving = both("E1", "gradient that reaches a generated image")
    assert lost < 1e-3 and arriving > 0.1
    assert exhibit_of("E1").figure is not None


def test_the_floor_is_what_a_search_over_both_outputs_finds():
    grid = np.linspace(0, 1, 21)
    losses = [
        float(discriminator_loss(tf.constant([[real]]), tf.constant([[fake]])))
        for real in grid
        for fake in grid
    ]
    assert lowest_discriminator_loss(grid) == pytest.approx(min(losses), abs=1e-6)
    assert min(losses) == pytest.approx(FLOOR, abs=1e-6)


def test_e2_smaller_last_batch():
    real = both("E2", "real images in each step")
    assert real == ([64, 64, 64, 64, 24],) * 2
    assert both("E2", "fakes in each step") == ([64] * 5, [64, 64, 64, 64, 24])
    assert both("E2", "fakes for each real image in the last step") == (64 / 24, 1)
    assert both("E2", "losses finite (no crash)") == (True, True)


def test_e3_undefined_names():
    missing, here = both("E3", "names used and never defined")
    assert missing == [
        "EPOCHS",
        "BATCH_SIZE",
        "display_losses",
        "train_loss",
        "generator_loss",
        "discriminator_loss",
    ]
    assert here == []


def test_a_name_error_names_what_is_missing():
    with pytest.raises(NameError, match="EPOCHS"):
        run_outline({})
    no_epoch = {"EPOCHS": 0}  # a loop that never runs asks for nothing else
    assert names_asked_for(no_epoch) == ["EPOCHS"]


def test_unresolved_names_are_found(tmp_path):
    path = tmp_path / "module.py"
    path.write_text(
        "import os\n"
        "class A:\n    x: int = 1\n    y = x\n"
        "def f(a):\n    return [(os.path, each, len(a), forgotten) for each in a]\n"
    )
    module = types.ModuleType("module")
    module.__file__, module.os, module.A, module.f = str(path), None, None, None
    assert unresolved_names(module) == ["forgotten"]


def test_e4_step_without_result():
    returned, here = both("E4", "what a step returns")
    assert returned is None and {"generator_loss", "discriminator_loss"} <= set(here)
    assert both("E4", "numbers a caller can show") == (0, 6)
    assert both("E4", "error on reading a loss kept outside") == ("TypeError", None)


def test_e5_combined_model():
    assert both("E5", "discriminator's arrays that changed, of 6") == (0, 6)
    assert both("E5", "generator's arrays that changed, of 14") == (14, 14)
    said, here = both("E5", "what Keras says about it")
    assert "does not have any trainable weights" in said and here is None


def test_e6_neither_flat_nor_scaled():
    shape = "the discriminator takes the images in the shape they have"
    assert both("E6", shape) == (False, True)
    assert both("E6", "smallest value of a real image") == (0, -1)
    assert both("E6", "largest value of a real image") == (255, 1)
    assert both("E6", 'accuracy of the rule "a value above 1 means real"') == (1, 0.5)
    far_off, undecided = both("E6", "discriminator loss in the first step")
    assert far_off > 3 and undecided == pytest.approx(2 * math.log(2), abs=0.3)
    deceived, learning = both("E6", "share of fakes called fake in step 40")
    assert deceived < 0.5 < learning
    assert exhibit_of("E6").figure is not None


def test_e7_nothing_saved():
    returned, here = both("E7", "what training returns")
    assert returned is None and "run" in here
    left, files = both("E7", "files it leaves")
    assert left == 0 and files >= 5
    assert both("E7", "images that can be drawn afterwards") == (0, 8)
    assert both("E7", "the same images when drawn again") == (False, True)


def test_e8_exchanged_order():
    values = both("E8", "value of the game (-2 ln 2 = -1.3863)")
    assert values == pytest.approx((-2 * math.log(2),) * 2, abs=1e-9)
    assert both("E8", "generators that solve it, of 101") == (101, 1)
    any_share, share = both("E8", "share of A they draw (data: 0.7)")
    assert any_share == [0, 1] and share == pytest.approx([0.7, 0.7])
    weak, strong = both("E8", "generator's gradient while D(G(z)) = 0.01")
    assert weak == pytest.approx(0.01, rel=1e-4) and strong == pytest.approx(0.99, rel=1e-4)


def test_both_orders_of_the_game_against_brute_force():
    generators = np.linspace(0, 1, 101)[:, None, None]
    says = np.linspace(0.005, 0.995, 199)
    table = objective(generators, says[None, :, None], says[None, None, :])  # (G, D of A, D of B)
    assert solve_min_max()[0] == pytest.approx(table.max(axis=(1, 2)).min(), abs=1e-4)
    assert solve_max_min()[0] == pytest.approx(table.min(axis=0).max(), abs=1e-9)


def test_the_trained_loss_is_minus_log_d():
    logits = tf.constant([[-3.0], [0.5]])
    expected = -np.log(1 / (1 + np.exp(-logits.numpy()))).mean()
    assert float(generator_loss(logits)) == pytest.approx(expected, rel=1e-6)


def test_e9_no_labels():
    assert both("E9", "inputs of the generator") == (["noise"], ["noise", "labels"])
    assert both("E9", "of these with a label") == (0, 1000)
    nothing, learned = both("E9", "accuracy on real digits, learned from them")
    assert nothing is None and learned > 0.6  # guessing: 0.1
    assert max(both("E9", "the same, learned from as many real images")) < 0.85


def test_nearest_mean_against_scikit_learn():
    from sklearn.neighbors import NearestCentroid

    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (300, 4, 4, 1), dtype=np.uint8)
    labels = np.arange(300) % 10
    images[..., 0] //= (labels[:, None, None] + 1).astype(np.uint8)
    flat = images.reshape(300, -1).astype(np.float64)
    model = NearestCentroid().fit(flat[:200], labels[:200])
    ours = nearest_mean_accuracy(images[:200], labels[:200], images[200:], labels[200:])
    assert ours == pytest.approx(model.score(flat[200:], labels[200:]))


def test_e10_deprecated_input_dim():
    assert both("E10", "warnings") == (1, 0)
    assert "input_dim" in exhibit_of("E10").defect["what Keras says"]
    assert both("E10", "parameters of the first layer") == (25_856, 25_856)


def test_e11_fixed_image_size():
    assert both("E11", "values the generator draws") == (784, 3072)
    assert both("E11", "shape of the image they make") == ([28, 28, 1], [32, 32, 3])
    assert both("E11", "the discriminator takes a CIFAR-10 image") == (False, True)


def test_e12_reference():
    erratum, text = choose("E12")[0], " ".join(entries()["E12"].split())
    for told in (erratum.correction, text):
        assert "Image-to-Image Translation with Conditional Adversarial Networks" in told
        assert "Data Augmentation Generative Adversarial Networks" in told
        assert "1711.04340" in told and "Antoniou" in told
    assert '"Generative Adversarial Nets", NIPS 2014, is right' in text


def test_e13_old_python():
    refusing, here = both("E13", "packages that refuse it")
    assert "tensorflow" in refusing and here == []
    assert oldest_python("<4,>=3.10") == (3, 10) and oldest_python(">=3.9.0") == (3, 9)


def test_the_documentation_has_the_same_entries():
    assert list(entries()) == [erratum.number for erratum in ERRATA]
    assert [title for _, title in ENTRY.findall(DOCS)] == [erratum.title for erratum in ERRATA]
    for number, text in entries().items():
        assert re.findall(r"^- \*\*(\w+):\*\*", text, re.MULTILINE) == list(FIELDS), number
        if choose(number)[0].exhibit:
            assert f"python run.py errata --only {number}`" in text


@pytest.mark.parametrize("number", [erratum.number for erratum in ERRATA])
def test_an_entry_names_code_and_tests_that_exist(number):
    text = entries()[number]
    tests = re.findall(r"`(tests/\S+?)::(\w+)`", text)
    assert tests
    for path, name in tests:
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")
    for path, name in re.findall(
        r"`((?:gan|lstm_text|baselines|evaluation|training|data)/\w+\.py):([\w.]+)`", text
    ):
        source = (ROOT / path).read_text(encoding="utf-8")
        for part in name.split("."):
            assert re.search(rf"(def|class) {part}\b", source), f"{path}:{name}"


def test_code_and_documentation_mark_the_same_errata():
    marked = set()
    for folder in ("gan", "lstm_text", "baselines", "training", "data", "evaluation"):
        for path in (ROOT / folder).rglob("*.py"):
            marked |= set(re.findall(r"\berratum (E\d+)", path.read_text(encoding="utf-8")))
    with_code = {
        number
        for number, text in entries().items()
        if re.search(r"`(?:gan|lstm_text|baselines)/\w+\.py:", text)
    }
    assert marked <= set(entries()), "marked in the code, not in docs/errata.md"
    assert with_code <= marked, f"in docs/errata.md, not marked: {sorted(with_code - marked)}"


def test_the_command_measures_prints_and_draws(tmp_path, capsys):
    result = errata(ErrataSettings(only="e8", out=str(tmp_path / "pictures")))
    json.dumps(result, allow_nan=False)
    (only,) = result["errata"]
    assert only["number"] == "E8" and only["defect"] == exhibit_of("E8").defect
    assert Path(only["picture"]).stat().st_size > 1000
    printed = capsys.readouterr().out
    assert "chapter" in printed and "0.9900" in printed


def test_an_erratum_without_picture_leaves_no_directory(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    result = errata(ErrataSettings(only="E12"))
    assert result["out"] is None and not list(tmp_path.iterdir())
    assert "Antoniou" in capsys.readouterr().out


def test_bad_input_is_refused(tmp_path):
    with pytest.raises(InputError, match="E1 to E36"):
        errata(ErrataSettings(only="E99"))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(InputError, match="not empty"):
        errata(ErrataSettings(only="E8", out=str(tmp_path / "full")))
    with pytest.raises(ValueError, match="same measures"):
        Exhibit({"a": 1}, {"b": 1})


def test_all_exhibits_are_json_and_readable():
    for erratum in ERRATA:
        if erratum.exhibit and "test_errata.py::" in entries()[erratum.number]:  # not of the text
            exhibit = exhibit_of(erratum.number)
            json.dumps([exhibit.defect, exhibit.cure], allow_nan=False)
    assert readable([1, 2.5]) == "1, 2.5000" and readable([]) == "none"
    assert readable(True) == "yes" and readable(1.6e-5) == "1.6e-05"
