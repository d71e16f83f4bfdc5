"""The trials of tables: arms and measures, draws by seed, and what planted faults do to them."""

import dataclasses

import numpy as np
import pytest
from sklearn import metrics
from sklearn.linear_model import LogisticRegression

from chapter.claims.designs.tables import TRIALS
from chapter.claims.experiment import TABLE_GENERATORS
from chapter.claims.trials import tables as trial_tables
from chapter.claims.trials.tables import (
    AGAIN,
    ATTACKS,
    BREAST_CANCER,
    LIKENESS,
    LOG_LOSSES,
    MISSING,
    NOISY,
    REAL,
    UTILITY,
    Patients,
    drawn_parts,
    made_rows,
    same_rows,
    sample_measures,
    tables_trial,
    utility,
    with_flipped_labels,
    with_missing_cells,
    with_real,
)
from data.tables.columns import number
from data.tables.encoding import Encoding
from data.tables.load import cleaned, read_rows
from evaluation.judges.tables import CLASSIFIERS, log_loss
from foundation.errors import InputError
from tests.chapter.claims.claimed import check_claimed

SMOKE = {name: TRIALS[name].sizes["smoke"] for name in ("table_few", "table_all")}
OF_SAMPLES = {*LIKENESS, *ATTACKS}


@pytest.fixture(scope="module")
def measured():
    return {name: TRIALS[name].measure(0, "smoke") for name in SMOKE}


@pytest.fixture(scope="module")
def rows():
    raw, _ = read_rows(BREAST_CANCER)
    return raw, raw.target


@pytest.fixture(scope="module")
def patients(rows):
    """All training rows of a split."""
    raw, target = rows
    return Patients.of(raw, drawn_parts(raw, target, None, 1), target, None, 1)


def test_all_arms_have_all_measures(measured):
    for name, found in measured.items():
        check_claimed(name, found)
        measures = found.measures
        assert found.training == 30 and len(found.units) == 569 - 30 - 114
        more = [MISSING, NOISY] if name == "table_all" else []
        assert set(measures) == {
            REAL,
            *TABLE_GENERATORS,
            *(f"real + {each}" for each in TABLE_GENERATORS),
            AGAIN,
            *more,
        }
        for arm, values in measures.items():
            expected = {*UTILITY, *LOG_LOSSES}
            if arm == REAL or arm in TABLE_GENERATORS:
                expected |= OF_SAMPLES
            if arm in TABLE_GENERATORS:
                expected |= {"attack_auc_all_rows"}
            assert set(values) == expected, arm
            assert all(0 <= value <= 1 for name, value in values.items() if "nats" not in name), arm
            assert set(found.rows[arm]) == set(LOG_LOSSES)


def test_the_same_seed_the_same_numbers_and_another_seed_others(measured):
    state = np.random.get_state()[1].copy()
    again, first = tables_trial(0, SMOKE["table_few"]), measured["table_few"]
    assert again.measures == first.measures and np.array_equal(again.units, first.units)
    assert np.array_equal(np.random.get_state()[1], state)  # the global state is left alone
    other = tables_trial(1, SMOKE["table_few"])
    for arm, values in other.measures.items():
        assert values != again.measures[arm], arm
    assert not np.array_equal(other.units, again.units)


def test_a_seed_draws_its_own_split_by_class(rows):
    raw, target = rows
    labels = raw.cells[target].to_numpy()
    splits = [drawn_parts(raw, target, 40, seed) for seed in (0, 1)]
    for parts in splits:
        assert (parts == "train").sum() == 40 and (parts == "validation").sum() == 114
        assert (parts == "test").sum() == 569 - 40 - 114
        for part in ("train", "validation", "test"):
            share = (labels[parts == part] == "malignant").mean()
            assert share == pytest.approx((labels == "malignant").mean(), abs=0.02)
    for part, by_chance in (("train", 40 * 40 / 569), ("validation", 114 * 114 / 569)):
        both = ((splits[0] == part) & (splits[1] == part)).sum()
        assert both < by_chance + 15, part
    assert (drawn_parts(raw, target, None, 0) == "train").sum() == 341


def test_nothing_but_training_rows_reaches_a_generator_or_an_arm(rows):
    """Test values changed beyond recognition: samples and arms stay, to the last bit."""
    raw, target = rows
    parts = drawn_parts(raw, target, 40, 2)
    changed = raw.cells.map(number).notna() & (parts == "test")[:, None]
    strange = dataclasses.replace(raw, cells=raw.cells.mask(changed, "7"))
    sides = [Patients.of(each, parts, target, 40, 2) for each in (raw, strange)]
    assert np.ptp(sides[1].test.without_target().values) == 0
    assert np.array_equal(sides[0].training.values, sides[1].training.values)
    for name in TABLE_GENERATORS:
        made = [made_rows(name, each, 20, "smoke", 2).values for each in sides]
        assert np.array_equal(*made), name


def test_few_rows_are_chosen_by_as_few(rows):
    raw, target = rows
    few = Patients.of(raw, drawn_parts(raw, target, 40, 3), target, 40, 3)
    assert (len(few.training), len(few.validation), len(few.fresh)) == (40, 40, 114)
    known = set(few.fresh.hashes())
    assert known.issuperset(few.validation.hashes())
    assert not known & {*few.training.hashes(), *few.test.hashes()}
    assert not set(few.training.hashes()) & set(few.test.hashes())


def test_an_arm_with_a_test_row_is_refused(patients):
    leaked = with_real(patients.training, patients.test.take(np.array([4])))
    with pytest.raises(InputError, match=r"the arm 'leak' holds 1 samples .*test\[4\]"):
        utility("leak", leaked, patients, 0)


def test_real_and_synthetic_rows_weigh_alike(patients):
    real, made = patients.training.take(np.arange(4)), patients.test.take(np.arange(13))
    both = with_real(real, made).values
    np.testing.assert_array_equal(both[-13:], made.values)
    np.testing.assert_array_equal(both[:-13], np.tile(real.values, (3, 1)))
    assert len(with_real(real, made.take(np.arange(2)))) == 6  # the real ones once, at least
    assert with_real(real, None) is None


def test_accuracies_are_of_the_classifiers_on_the_test_rows(patients):
    """Labels turned round everywhere turn the accuracies round."""
    right, of_right = utility("real", patients.training, patients, 0)
    values = patients.training.values.copy()
    place = patients.training.target_index
    values[:, place] = 1 - values[:, place]
    wrong, of_wrong = utility("wrong", patients.training.with_values(values), patients, 0)
    for name in UTILITY:
        assert right[name] > 0.85 and wrong[name] < 0.4, name
    assert right["worst_recall"] < np.mean([right[name] for name in UTILITY[:-1]])
    for name in LOG_LOSSES:
        assert right[name] == of_right[name].mean() < 0.2 < 0.7 < of_wrong[name].mean()
    assert utility("none", None, patients, 0) == (dict.fromkeys((*UTILITY, *LOG_LOSSES)), {})


def test_the_log_loss_is_scikit_learns(patients):
    rows, labels = patients.matrix(patients.test), patients.test.labels
    classifier = LogisticRegression(max_iter=1000).fit(rows, labels)
    found = log_loss(classifier, rows, labels)
    assert found.mean() == pytest.approx(metrics.log_loss(labels, classifier.predict_proba(rows)))
    certain = LogisticRegression(C=1e6, max_iter=5000).fit(rows[:200], labels[:200])
    assert log_loss(certain, 1e3 * rows, 1 - labels).max() == pytest.approx(-np.log(1e-7))


def test_classifiers_see_scaled_rows_and_are_chosen_by_validation_rows(patients, monkeypatch):
    seen = []
    original = trial_tables.tuned_classifier
    monkeypatch.setattr(
        trial_tables, "tuned_classifier", lambda *given: seen.append(given) or original(*given)
    )
    few = patients.training.take(np.arange(0, 341, 4))
    utility("few", few, patients, 7)
    encoding = Encoding.fit(patients.training.without_target())
    assert [given[0] for given in seen] == list(CLASSIFIERS)
    for _, rows, labels, validation_rows, validation_labels, seed, weighed_as, by_loss in seen:
        assert np.array_equal(rows, encoding.encode(few.without_target()))
        assert np.array_equal(labels, few.labels)
        expected = encoding.encode(patients.validation.without_target())
        assert np.array_equal(validation_rows, expected)
        assert np.array_equal(validation_labels, patients.validation.labels)
        assert (seed, weighed_as, by_loss) == (7, 341, True)


def test_one_class_has_no_accuracy_and_ends_nothing(patients):
    one = patients.training.take(np.flatnonzero(patients.training.labels == 1))
    assert set(utility("one class", one, patients, 0)[0].values()) == {None}


def test_cells_are_lost_in_training_rows_only_and_filled_by_the_step_that_says_so(rows):
    raw, target = rows
    parts = drawn_parts(raw, target, None, 4)
    holed = with_missing_cells(raw, parts, target, 0.3, 4)
    lost, place = holed.cells.isna().to_numpy(), raw.cells.columns.get_loc(target)
    assert not lost[parts != "train"].any() and not lost[:, place].any()
    share = np.delete(lost[parts == "train"], place, axis=1).mean()
    assert share == pytest.approx(0.3, abs=0.02)
    steps = {step.name: step for step in cleaned(holed, parts).steps}
    assert sum(steps["missing values"].counts.values()) == lost.sum()
    whole, worse = (cleaned(each, parts) for each in (raw, holed))
    assert np.array_equal(whole.test.values, worse.test.values)
    assert not np.array_equal(whole.train.values, worse.train.values)


def test_repeating_rows_changes_no_classifier_and_adds_nothing(patients):
    """Of sums over rows the penalty is weighed as for the rows themselves."""
    again = with_real(patients.training, same_rows(patients.training, 1_000))
    assert len(again) == 3 * 341 + 1_000
    once, often = (utility("arm", each, patients, 0)[0] for each in (patients.training, again))
    for name in LOG_LOSSES:
        assert often[name] == pytest.approx(once[name], rel=0.02), name


def test_so_many_labels_are_turned_round_and_nothing_else(patients):
    flipped = with_flipped_labels(patients.training, 0.2, 5)
    changed = flipped.values != patients.training.values
    assert changed[:, patients.training.target_index].sum() == round(0.2 * 341)
    assert changed.sum() == round(0.2 * 341)


def test_a_generator_that_copies_is_found_out_and_fresh_rows_are_not(patients):
    """Training rows handed out as samples; rows of the test part, which no one may know, too."""
    places = np.random.default_rng(0).permutation(len(patients.training))
    made = {"copies": patients.training.take(places), "none": None}
    measures = sample_measures(made, patients, 0)
    assert set(measures[REAL]) == OF_SAMPLES
    assert measures["copies"]["near_copies"] == 1.0 and measures[REAL]["near_copies"] < 0.05
    assert measures["copies"]["attack_auc_all_rows"] == 1.0
    assert measures["copies"]["attack_auc"] > measures[REAL]["attack_auc"] + 0.05
    assert measures[REAL]["attack_auc"] == pytest.approx(0.5, abs=0.06)
    assert measures["copies"]["ks"] == pytest.approx(measures[REAL]["ks"], abs=0.05)
    assert measures["none"] == dict.fromkeys(measures["copies"])


def test_rows_that_are_nothing_like_real_ones_show_it(patients):
    values = patients.training.values.copy()
    values[:, :10] = np.random.default_rng(0).permutation(values[:, :10], axis=0)
    found = sample_measures({"cut": patients.training.with_values(values)}, patients, 0)
    assert found["cut"]["ks"] == pytest.approx(found[REAL]["ks"], abs=0.05)  # columns stay
    for measure in ("correlation_difference", "detection_auc"):
        assert found["cut"][measure] > found[REAL][measure] + 0.1, measure


def test_a_generator_that_cannot_be_fitted_has_no_numbers(monkeypatch):
    def refuse(name, *arguments):
        return None if name == "gmm" else original(name, *arguments)

    original = trial_tables.made_rows
    monkeypatch.setattr(trial_tables, "made_rows", refuse)
    measures = tables_trial(0, SMOKE["table_few"]).measures
    assert set(measures["gmm"].values()) == set(measures["real + gmm"].values()) == {None}
    assert None not in measures["regression"].values() and None not in measures[REAL].values()


def test_one_row_of_a_class_gives_no_synthetic_rows(patients):
    """SMOTE needs two."""
    labels = patients.training.labels
    few = np.concatenate([np.flatnonzero(labels == 0)[:1], np.flatnonzero(labels == 1)[:20]])
    lonely = dataclasses.replace(patients, training=patients.training.take(few))
    assert made_rows("interpolation", lonely, 10, "smoke", 0) is None
    assert len(made_rows("interpolation", patients, 10, "smoke", 0)) == 10
