"""`evaluate table`: the report, the utility, and the real command on files."""

import dataclasses
import json

import numpy as np
import pytest
from PIL import Image
from scipy.stats import spearmanr
from sklearn.linear_model import LogisticRegression

import run
from data.tables.dataset import Table, TableDataset
from data.tables.encoding import Encoding
from evaluation.judges import tables as table_classifiers
from evaluation.judges.tables import CLASSIFIERS, tuned_classifier
from evaluation.metrics.likeness.columns import ks_statistic
from evaluation.tables import compare as tables
from evaluation.tables import utility as table_utility_module
from evaluation.tables.compare import compare_tables
from evaluation.tables.pictures import columns_figure, correlations_figure
from evaluation.tables.utility import SHARE, table_utility
from foundation.errors import InputError
from tests.tables import mixed_dataset, mixed_table, write_csv


@pytest.fixture(scope="module")
def dataset():
    return mixed_dataset(120)


@pytest.fixture(scope="module")
def fresh_report(dataset):
    """Of synthetic rows that are as good as can be: drawn from the true distribution."""
    return compare_tables(dataset, mixed_table(300, 9), seeds=2)


@pytest.fixture
def no_utility(monkeypatch):
    """For what is asked of the other figures: training takes most of the time."""
    monkeypatch.setattr(tables, "table_utility", lambda *given: {})


def without_signal(table):
    """The table with its classes dealt out anew."""
    values = table.values.copy()
    values[:, -1] = np.random.default_rng(0).permutation(values[:, -1])
    return table.with_values(values)


def without(dataset, place):
    """The data set without one column."""
    kept = [i for i in range(len(dataset.train.columns)) if i != place]

    def cut(table):
        columns = tuple(table.columns[i] for i in kept)
        target = table.target if place != table.target_index else None
        return Table(columns, table.values[:, kept], target)

    parts = {name: cut(table) for name, table in dataset.splits.items()}
    return TableDataset(dataset.name, **parts), cut


def test_every_figure_stands_beside_the_real_one(fresh_report):
    json.dumps(fresh_report, allow_nan=False)
    assert len(fresh_report["metrics"]) == 15
    for name, found in fresh_report["metrics"].items():
        assert isinstance(found["value"], float) and isinstance(found["real"], float), name
        assert found["how_to_read"], name
    assert fresh_report["compared_rows"] == 120 and fresh_report["held_out_rows"] == 60


def test_rows_of_the_true_distribution_are_as_good_as_real_ones(fresh_report):
    metrics = fresh_report["metrics"]
    for name in ("ks", "total_variation", "joint_total_variation"):
        assert metrics[name]["value"] < 1.6 * metrics[name]["real"] + 0.03, name
    assert metrics["exact_copies"]["value"] == 0.0
    assert metrics["attack_auc_distance"]["low"] < 0.5 < metrics["attack_auc_distance"]["high"]
    assert metrics["detection_auc"]["value"] < 0.65


def test_real_figures_are_those_of_training_rows_in_the_same_place(
    dataset, fresh_report, no_utility
):
    """And those of memorisation of test rows: nothing else knows what real rows score."""
    itself = compare_tables(dataset, dataset.train, seeds=1)["metrics"]
    for name in ("ks", "total_variation", "correlation_difference", "joint_total_variation"):
        assert itself[name]["value"] == pytest.approx(itself[name]["real"])
        assert itself[name]["real"] == pytest.approx(fresh_report["metrics"][name]["real"])
    assert itself["exact_copies"]["value"] == 1.0 and itself["exact_copies"]["real"] == 0.0
    assert itself["attack_auc_distance"]["all_rows"] == 1.0
    held_out = compare_tables(dataset, dataset.test, seeds=1)["metrics"]
    for name in ("exact_copies", "near_copies", "nearer_to_training"):
        assert held_out[name]["value"] == held_out[name]["real"]


def test_without_a_target_or_categories_the_rest_is_still_measured(dataset):
    without_target, cut = without(dataset, 4)
    found = compare_tables(without_target, cut(mixed_table(60, 9)), seeds=1)
    assert found["utility"]["value"] is None and "--target" in found["utility"]["reason"]
    assert found["metrics"]["ks"]["value"] is not None
    numbers_only, cut_again = without(without_target, 3)
    found = compare_tables(numbers_only, cut_again(cut(mixed_table(60, 9))), seeds=1)["metrics"]
    assert found["total_variation"]["value"] is None and found["total_variation"]["reason"]
    assert found["joint_total_variation"]["value"] is None
    assert found["correlation_difference"]["value"] is not None


def test_few_synthetic_rows_end_in_reasons_not_in_an_error(dataset, no_utility):
    found = compare_tables(dataset, mixed_table(2, 9), seeds=1)["metrics"]
    for name in ("precision", "detection_auc"):
        assert found[name]["value"] is None and found[name]["reason"]
    assert found["ks"]["value"] is not None
    with pytest.raises(InputError, match="give both the same columns"):
        compare_tables(dataset, mixed_table(20, 0).without_target())


def test_choices_are_made_without_the_test_rows(dataset):
    synthetic = mixed_table(60, 9)
    chosen = compare_tables(dataset, synthetic, seeds=1, split="validation")
    spoilt = dataclasses.replace(dataset, test=without_signal(dataset.test).take(np.arange(7)))
    again = compare_tables(spoilt, synthetic, seeds=1, split="validation")
    assert chosen["metrics"] == again["metrics"] and chosen["utility"] == again["utility"]
    assert chosen["held_out_rows"] == chosen["metrics"]["nearer_to_training"]["compared_with"] == 30


def test_large_tables_are_measured_by_a_draw_of_rows(dataset, no_utility, monkeypatch):
    """The exact copy among the rows is still found: only distances are limited."""
    monkeypatch.setattr(tables, "MOST_ROWS", 30)
    monkeypatch.setattr(tables, "MOST_SYNTHETIC", 40)
    sizes = []
    original = tables.attack_beside_real

    def watched(*rows):
        sizes.append([len(each) for each in rows[:5]])
        return original(*rows)

    monkeypatch.setattr(tables, "attack_beside_real", watched)
    values = mixed_table(100, 9).values
    values[:, 2] *= 2.0
    values[99] = dataset.train.values[119]
    found = compare_tables(dataset, dataset.train.with_values(values), seeds=1)
    assert sizes == [[40, 30, 30, 30, 30]]
    assert found["compared_rows"] == 100 and found["metrics"]["exact_copies"]["value"] == 0.01
    ks = found["metrics"]["ks"]
    assert ks["column"] == "income" and ks["largest"] > 0.25


def test_synthetic_rows_without_signal_are_worth_nothing(dataset):
    """Their accuracy falls to about the share of the larger class; the ceiling stays."""
    train, validation, test = dataset.splits.values()
    found = table_utility(train, without_signal(train), validation, test, seeds=3, seed=0)
    assert set(found["classifiers"]) == set(CLASSIFIERS)
    assert found["rows"] == {"real": 96, "synthetic": 96, "real + synthetic": 192}
    for name, judged in found["classifiers"].items():
        assert judged["real"]["accuracy"]["n"] == 3, name
        assert judged["real"]["accuracy"]["mean"] > judged["synthetic"]["accuracy"]["mean"], name
        difference = judged["difference"]
        assert difference["mean"] == pytest.approx(
            judged["synthetic"]["accuracy"]["mean"] - judged["real"]["accuracy"]["mean"]
        )
        low, high = judged["real"]["other_test_rows"]
        assert low < judged["real"]["accuracy"]["mean"] < high


def test_accuracy_is_what_scikit_learn_says_of_the_same_rows(dataset):
    """One seed of logistic regression, by hand."""
    train, validation, test = dataset.splits.values()
    found = table_utility(train, train, validation, test, seeds=1, seed=5)
    rows = np.random.default_rng([5, 134]).permutation(120)[: round(SHARE * 120)]
    encoding = Encoding.fit(train.without_target())
    matrix = {t: encoding.encode(t.without_target()) for t in (train, validation, test)}
    models = [
        LogisticRegression(C=1 / strength, max_iter=1000).fit(
            matrix[train][rows], train.labels[rows]
        )
        for strength in CLASSIFIERS["logistic regression"][0]
    ]
    scores = [model.score(matrix[validation], validation.labels) for model in models]
    best = models[int(np.argmax(scores))]
    judged = found["classifiers"]["logistic regression"]
    assert judged["real"]["values"] == [best.score(matrix[test], test.labels)]
    right = best.predict(matrix[test]) == test.labels
    recalls = [right[test.labels == label].mean() for label in (0, 1)]
    assert judged["real"]["recall"]["mean"] == pytest.approx(np.mean(recalls))
    assert judged["real"]["accuracy"]["low"] is None  # one seed shows no spread


def test_rows_are_scaled_by_the_training_part_and_chosen_by_validation_rows(dataset, monkeypatch):
    seen = []

    def watched(name, rows, labels, *given):
        seen.append((rows.shape[1], *given))
        raise InputError("a watched training", "none", "nothing to mend")

    monkeypatch.setattr(table_utility_module, "tuned_classifier", watched)
    train, validation, test = dataset.splits.values()
    table_utility(train, mixed_table(120, 9), validation, test, seeds=1, seed=0)
    expected = Encoding.fit(train.without_target()).encode(validation.without_target())
    for width, validation_rows, validation_labels, _ in seen:
        assert np.array_equal(validation_rows, expected)
        assert np.array_equal(validation_labels, validation.labels)
        assert width == expected.shape[1]  # without the target
    assert len(seen) == len(CLASSIFIERS)


def test_a_class_that_is_not_there_is_a_reason(dataset):
    train, validation, test = dataset.splits.values()
    one_class = train.take(np.flatnonzero(train.labels == 1))
    found = table_utility(train, one_class, validation, test, seeds=1, seed=0)
    assert all("one class only" in each["reason"] for each in found["classifiers"].values())


def test_the_svm_takes_at_most_its_share_of_rows(monkeypatch):
    monkeypatch.setitem(table_classifiers.MOST_ROWS, "SVM", 50)
    rows = np.random.default_rng(0).normal(0, 1, (200, 2))
    labels = (rows[:, 0] > 0).astype(np.int64)
    assert tuned_classifier("SVM", rows, labels, rows, labels, 0).shape_fit_ == (50, 2)


def test_the_weakest_regularisation_wins_a_draw_and_validation_chooses():
    generator = np.random.default_rng(0)
    rows = generator.normal(0, 1, (40, 2))
    labels = (rows[:, 0] > 0).astype(np.int64)
    easy = tuned_classifier("logistic regression", rows, labels, rows[:5], labels[:5], 0)
    assert easy.C == 10.0
    scored = {
        strength: LogisticRegression(C=1 / strength, max_iter=1000).fit(rows, labels)
        for strength in (0.1, 1.0, 10.0)
    }
    hard = generator.normal(0, 1, (400, 2))
    wanted = scored[10.0].predict(hard)  # validation labels on which the strongest is perfect
    assert tuned_classifier("logistic regression", rows, labels, hard, wanted, 0).C == 0.1


@pytest.fixture
def files(tmp_path):
    for name, table in (("real", mixed_table(120, 0)), ("made", mixed_table(90, 9))):
        write_csv(tmp_path / f"{name}.csv", table.names, table.rows())
    return tmp_path


def test_the_command_writes_one_json_object(files, capsys):
    words = ["evaluate", "table", str(files / "real.csv"), f"csv:{files / 'made.csv'}"]
    words += ["--target", "state", "--preset", "smoke", "--out", str(files / "out"), "--json"]
    assert run.main(words) == 0
    printed = capsys.readouterr()
    report = json.loads(printed.out)
    assert report == json.loads((files / "out" / "metrics.json").read_text())
    for name in ("columns.png", "correlations.png"):
        with Image.open(files / "out" / name) as picture:
            assert picture.width > 500
    assert report["compared_rows"] == 72 and report["utility"]["seeds"] == 1
    for line in ("accuracy in % on 24 real test rows", "attack_auc_calibrated", "split:"):
        assert line in printed.err


def test_the_columns_that_differ_most_are_drawn_first():
    real = mixed_table(200, 0)
    values = mixed_table(200, 1).values
    values[:, 2] *= 3.0
    figure = columns_figure(real, real.with_values(values))
    titles = [axes.get_title() for axes in figure.axes if axes.get_title()]
    expected = ks_statistic(real.column("income"), values[:, 2])
    assert titles[0] == f"income: {expected:.3f}" and len(titles) == 5
    shown = correlations_figure(real, real.with_values(values)).axes
    matrices = [axes.images[0].get_array() for axes in shown[:3]]
    assert np.allclose(matrices[1] - matrices[0], matrices[2])
    ranks = spearmanr(real.column("height"), real.column("income")).statistic
    assert matrices[0][0, 2] == pytest.approx(ranks)


def test_the_command_takes_what_generate_wrote_and_a_file_of_held_out_rows(files, capsys):
    (files / "made").mkdir()
    (files / "made.csv").rename(files / "made" / "table.csv")
    held_out = mixed_table(40, 4)
    write_csv(files / "held.csv", held_out.names, held_out.rows())
    words = ["evaluate", "table", str(files / "real.csv"), str(files / "made"), "--preset", "smoke"]
    words += ["--held-out", str(files / "held.csv"), "--target", "state", "--json", "--quiet"]
    assert run.main(words) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["training_rows"] == 120 and report["held_out_rows"] == 20


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["real.csv", "absent.csv"], "absent.csv is no file"),
        (["absent.csv", "made.csv"], "absent.csv is no file"),
        (["real.csv", "made.csv", "--target", "size"], "--target size; a column of"),
        (["breast_cancer", "made.csv"], "give both files the same header"),
        (["real.csv", "made.csv", "--out", "."], "is not empty"),
    ],
)
def test_faults_are_told_in_one_line(files, capsys, monkeypatch, words, message):
    monkeypatch.chdir(files)
    assert run.main(["evaluate", "table", *words]) == 2
    errors = capsys.readouterr().err.strip().splitlines()
    assert message in errors[-1] and errors[-1].startswith("error: ")
    assert errors[-1].count("; ") >= 2
