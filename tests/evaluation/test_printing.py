"""The tables of evaluations: figures with their real ones, curves, attacks, accuracies."""

from evaluation.images.compare import print_images
from evaluation.printing import print_accuracies, print_metrics


def shown(capsys):
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_a_line_a_figure_and_its_details(capsys):
    attack = {"low": 0.61, "high": 0.72, "if_copied": 0.9, "images": 30, "whole": 0.65}
    print_metrics(
        {
            "parzen": {
                **{"value": -1572.25, "standard_error": 104.5, "real": -223.8},
                **{"real_standard_error": 56.4, "how_to_read": "up"},
            },
            "copies": {"value": 12345, "real": None, "how_to_read": "0 is right"},
            "shares": {"value": [0.5], "real": [0.5], "how_to_read": "drawn"},
            "novelty": {
                **{"value": [0.12345, None], "real": [0.2, 1.0], "lengths": [5, 8]},
                "how_to_read": "low: copied",
            },
            "ks": {
                **{"value": 0.1, "real": 0.2, "how_to_read": "down"},
                **{"column": "income", "largest": 0.5, "real_largest": 0.25},
            },
            "attack": {"value": 0.7, "real": 0.5, "how_to_read": "half", **attack},
            "lost": {"value": None, "reason": "3 samples"},
        },
        "human",
    )
    assert shown(capsys) == [
        "metric synthetic human how to read it",
        "parzen -1572.2 ± 104.5 -223.8 ± 56.4 up",
        "copies 12345 - 0 is right",
        "novelty 5 0.1235 0.2 low: copied",
        "novelty 8 - 1",
        "ks 0.1 0.2 down",
        "worst column 0.5 0.25 income",
        "attack 0.7 0.5 half",
        "with all of it 0.65 95 % [0.610, 0.720]; the line above with 30 images: as many copies of "
        "training data would give 0.900",
        "lost - - not computed: 3 samples",
    ]


def accuracy(mean, low=None, high=None):
    return {"mean": mean, "low": low, "high": high}


def test_accuracies_stand_in_per_cent_below_their_training_sets(capsys):
    lost = {"value": None, "reason": "one class"}
    classifiers = {
        "LDA": {
            "real": {"accuracy": accuracy(0.95, 0.9, 1.1)},
            "made": {"accuracy": accuracy(0.9)},
            "difference": accuracy(-0.05, -0.1, 0.01),
        },
        "SVM": lost,
    }
    print_accuracies(classifiers, {"real": 1200, "made": 90}, "60 test rows", 3)
    assert shown(capsys) == [
        "accuracy in % on 60 test rows of classifiers trained on 1,200 / 90; mean and 95 % "
        "interval over 3 seeds",
        "classifier real made synthetic - real",
        "LDA 95.00 [90.00, 100.00] 90.00 -5.00 [-10.00, +1.00]",
        "SVM – – –",
        "SVM: not computed: one class",
    ]
    print_accuracies({"LDA": {"real": lost}}, {"real": 5}, "60 test rows", 1)
    assert shown(capsys)[1:] == ["classifier real", "LDA –", "LDA: not computed: one class"]


def test_a_weak_network_is_said(capsys):
    counts = {"synthetic_count": 4, "real_count": 4, "held_out_count": 4, "split": "test"}
    counts |= {"real_split": "train", "there_are": {"synthetic": 4, "train": 9, "test": 4}}
    weak = {"data": "mnist", "features": "classes", "feature_network_test_accuracy": 0.98}
    report = {**counts, **weak, "metrics": {}}
    print_images(report)
    assert "note: below 99% on MNIST" in capsys.readouterr().out
    print_images(report | {"feature_network_test_accuracy": 0.9929})
    print_images(report | {"data": "folder:photos"})
    assert "note" not in capsys.readouterr().out
