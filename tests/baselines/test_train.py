"""Runs of the baselines that are fitted in epochs: what they leave, resuming, fitting in memory."""

import dataclasses
import json

import numpy as np
import pytest
from PIL import Image

import run as command_line
from baselines.gmm.fit import MixtureLearner
from baselines.hmm.fit import HmmLearner
from baselines.registry import fit
from baselines.train import train
from baselines.vae.step import MEASURES, VaeTrainer
from baselines.vae.train import VaeLearner
from data.images.dataset import ImageSplit
from foundation.errors import Interrupted
from tests.baselines.conftest import RUNS
from tests.baselines.shared import resumed, settings_of
from tests.runs import checkpoint_bytes, history, interrupt_after

LIKELIHOODS = ("log_likelihood", "validation_log_likelihood")


@pytest.mark.parametrize(
    ("name", "epochs", "columns", "risen", "files"),
    [
        ("gmm", 4, LIKELIHOODS, 0, ("losses.png", "samples.gif", "samples/epoch_0004.png")),
        ("hmm", 6, LIKELIHOODS, 1, ("losses.png", "states.txt", "samples/epoch_0006.txt")),
        (
            "vae",
            4,
            ("validation_elbo", *MEASURES, "sigma"),
            0,
            ("reconstructions.png", "losses.png"),
        ),
        ("series", None, LIKELIHOODS, 0, ("losses.png", "samples/epoch_0001.csv")),
    ],
)
def test_a_run_directory_holds_what_the_design_says(run_of, name, epochs, columns, risen, files):
    run = run_of(name)
    config = json.loads((run / "config.json").read_text())
    assert config["kind"] == "baseline" and config["settings"]["model"] == RUNS[name][0]
    rows = history(run)
    assert set(rows[0]) == {"epoch", *columns}
    assert epochs is None or [row["epoch"] for row in rows] == [str(i + 1) for i in range(epochs)]
    assert all(np.isfinite(float(value)) for row in rows for value in row.values())
    assert float(rows[-1][columns[risen]]) > float(rows[0][columns[risen]])
    for file in files:
        assert (run / file).stat().st_size > 100
        if file.endswith(".png"):
            Image.open(run / file).verify()


@pytest.mark.parametrize(
    ("name", "trainer", "calls"),
    [
        ("gmm", MixtureLearner, 3),  # the break is after the first of two classes
        ("hmm", HmmLearner, 12),  # with some of the counts collected
        ("vae", VaeTrainer, 6),  # 320 images are 20 steps, here in pieces of 6
    ],
)
def test_an_epoch_with_a_break_in_the_second_and_the_rest_are_all_bit_for_bit(
    data, tmp_path, run_of, monkeypatch, name, trainer, calls
):
    model, kind, chosen = RUNS[name]
    run = tmp_path / "interrupted"
    with monkeypatch.context() as patch:
        patch.setattr(VaeLearner, "steps_a_call", 6)
        interrupt_after(calls, trainer, patch)
        with pytest.raises(Interrupted, match=r"stopped in epoch 2, .* saved"):
            train(settings_of(model, data[kind], out=str(run), **chosen, epochs=2))
    train(resumed(run, model=model, epochs=len(history(run_of(name)))))
    assert checkpoint_bytes(run) == checkpoint_bytes(run_of(name))
    assert history(run) == history(run_of(name))


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("baseline train ngram", "the first 20,000 of 5,051,119 characters, --max-characters"),
        ("baseline train interpolation", "1,536 of 70,000 images, --max-images"),
        ("gan train", "1,536 of 70,000 images, --max-images"),
    ],
)
def test_what_a_preset_leaves_of_the_data_is_told(tmp_path, monkeypatch, capsys, command, told):
    def stop(*_):
        raise KeyboardInterrupt

    for function in ("baselines.train.open_run", "gan.train.train_run"):
        monkeypatch.setattr(function, stop)
    words = [*command.split(), "--preset", "smoke", "--quiet", "--out", str(tmp_path / "run")]
    assert command_line.main(words) == 130
    assert f"note: {told} to change it\n" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["gmm", "hmm"])
def test_in_memory_and_with_another_test_part_it_is_the_same_fit(
    data, images, corpus, model_of, name
):
    model, kind, chosen = RUNS[name]
    if kind == "images":
        test = ImageSplit(255 - images.test.images, images.test.labels)
        dataset = dataclasses.replace(images, test=test)
    else:
        dataset = dataclasses.replace(corpus, test=corpus.test[:, ::-1])
    fitted = fit(model, kind, dataset, settings_of(model, data[kind], **chosen)).arrays()
    expected = model_of(name).arrays()
    assert all(np.array_equal(fitted[name], array) for name, array in expected.items())
