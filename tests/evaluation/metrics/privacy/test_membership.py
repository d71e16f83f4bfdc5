"""The attack finds planted members and nobody else."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import NearestNeighbors

from evaluation.metrics.privacy import membership
from evaluation.metrics.privacy.membership import attack, attack_beside_real, judged
from foundation.errors import InputError


def blobs(count, seed):
    """Images of 6 x 6 around 20 centres that are the same for every seed."""
    centres = np.random.default_rng(0).integers(40, 216, (20, 6, 6, 1))
    generator = np.random.default_rng([1, seed])
    images = centres[generator.integers(20, size=count)] + generator.normal(0, 12, (count, 6, 6, 1))
    return np.clip(images, 0, 255).astype(np.uint8)


MEMBERS, CONTROLS, REFERENCE = blobs(300, 0), blobs(300, 1), blobs(300, 2)


def test_an_honest_generator_gives_nobody_away():
    found = attack(MEMBERS, CONTROLS, blobs(300, 3), REFERENCE)
    for name, result in found.items():
        assert result["low"] < 0.5 < result["high"], name
        assert result["found_low"] < 0.01 < result["found_high"], name


def test_a_generator_that_repeats_its_training_images_with_noise_is_found():
    noise = np.random.default_rng(5).integers(-4, 5, (100, 6, 6, 1))
    copies = np.clip(MEMBERS[:100] + noise, 0, 255).astype(np.uint8)
    synthetic = np.concatenate([blobs(200, 3), copies])
    found = attack(MEMBERS, CONTROLS, synthetic, REFERENCE)
    for name, result in found.items():
        assert result["low"] > 0.55, name
        # A third of the members was copied, and copies are found where false alarms are few:
        assert result["found_at_1_percent"] == pytest.approx(1 / 3, abs=0.06), name
    everything = attack(MEMBERS, CONTROLS, MEMBERS)
    assert everything["distance"]["auc"] == 1.0 and list(everything) == ["distance"]


def test_the_calibrated_attack_is_not_fooled_by_members_that_are_easy():
    """Controls that are odd in themselves lie far from everything: no sign of membership."""
    odd = np.random.default_rng(7).integers(0, 256, (300, 6, 6, 1), dtype=np.uint8)
    found = attack(MEMBERS, odd, blobs(300, 3), REFERENCE)
    assert found["distance"]["auc"] > 0.95
    assert abs(found["calibrated"]["auc"] - 0.5) < 0.25


@pytest.mark.parametrize("sizes", [(1, 9, 9), (9, 1, 9), (9, 9, 1), (9, 9, 9, 1)])
def test_too_few_samples_are_refused(sizes):
    with pytest.raises(InputError, match="at least 2 of each"):
        attack(*(blobs(size, number) for number, size in enumerate(sizes)))


def test_found_where_one_in_a_hundred_controls_is_taken_for_a_member():
    controls = np.arange(100.0)  # one of them, 99, may lie above the threshold
    result = judged(np.array([98.5, 99.5, 100.0, 3.0]), controls)
    assert result["found_at_1_percent"] == 0.5
    low, high = stats.binomtest(2, 4).proportion_ci()
    assert (result["found_low"], result["found_high"]) == pytest.approx((low, high))


def rows_of(count, seed):
    return np.random.default_rng([3, seed]).normal(0, 1, (count, 6))


def nearest(rows, others):
    return NearestNeighbors(n_neighbors=1).fit(others).kneighbors(rows)[0][:, 0]


def test_areas_are_scikit_learns():
    members, controls, made, reference = (rows_of(n, n) for n in (60, 45, 80, 30))
    made[:20] = members[:20] + 0.05
    found = attack(members, controls, made, reference)
    records = np.concatenate([members, controls])
    is_member = np.arange(105) < 60
    distance, to_reference = nearest(records, made), nearest(records, reference)
    assert found["distance"]["auc"] == pytest.approx(roc_auc_score(is_member, -distance), abs=1e-6)
    expected = roc_auc_score(is_member, to_reference / distance)
    assert found["calibrated"]["auc"] == pytest.approx(expected, abs=1e-6)
    assert found["calibrated"]["auc"] > 0.6


SIDES = {"members": rows_of(300, 0), "spare": rows_of(120, 1), "controls": rows_of(120, 2)}


def beside_real(synthetic):
    return attack_beside_real(synthetic, SIDES["members"], **SIDES, seed=0, repeats=10)


def test_real_rows_in_the_place_of_synthetic_ones_give_nothing_away():
    for found in beside_real(rows_of(300, 3)).values():
        assert found["few"] == 60
        assert abs(found["real"] - 0.5) < 0.06 and abs(found["value"] - 0.5) < 0.06
        assert found["low"] < 0.5 < found["high"]


def test_copies_give_all_away_and_few_of_them_some():
    for found in beside_real(SIDES["members"]).values():
        assert found["all"] == 1.0 and found["found_at_1_percent"] == 1.0
        assert found["value"] == pytest.approx(found["if_copied"], abs=0.03)
        assert found["value"] > found["real"] + 0.05


def test_no_row_stands_for_a_synthetic_one_and_is_the_reference_too(monkeypatch):
    calls = []
    monkeypatch.setattr(membership, "attack", lambda *rows: calls.append(rows) or attack(*rows))
    training, spare, test = rows_of(60, 0), rows_of(21, 1), rows_of(20, 2)
    attack_beside_real(rows_of(60, 3), training, training, test, spare, seed=0, repeats=10)
    reals = [set(map(tuple, synthetic)) for *_, synthetic, _ in calls[2::3]]
    references = [set(map(tuple, reference)) for *_, reference in calls[2::3]]
    assert len(reals) == 10 and {len(rows) for rows in reals} == {10}
    for rows, reference in zip(reals, references, strict=True):
        assert rows | reference == set(map(tuple, spare)) and not rows & reference
