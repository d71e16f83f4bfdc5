"""`gan evaluate RUN`: samples of a trained generator, measured and drawn."""

import warnings
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from data.images.load import ImageDataset, load_images
from evaluation.config import GanEvaluateSettings
from evaluation.features import FeatureNetwork
from evaluation.images import compare_images
from evaluation.memorisation import nearest_images, nearest_training_images
from evaluation.table import row
from foundation.errors import InputError
from foundation.files import write_json
from foundation.pictures import image_grid, save_figure, save_image
from gan.generate import load_generator
from training.run_directory import read_config

FIRST_SAMPLES = 20  # drawn beside their nearest training images, chosen by nothing
# The class histogram: more classes are not drawn, more names overlap, longer ones hide the bars.
MOST_CLASSES, MOST_NAMES, LONGEST_NAME = 200, 40, 24
WIDEST = 16.0  # inches
USUAL_MNIST_ACCURACY = 0.99  # of the feature network, on test images


def evaluate(settings: GanEvaluateSettings) -> dict:
    """Measure a run; write RUN/metrics.json and RUN/evaluation/*.png; print a table.

    Samples 0 .. count - 1 of `settings.seed` are taken, labels in turn if the run is conditional.

    Returns: the content of metrics.json (see `compare_images`).
    Raises: InputError if the run is none, is damaged, has no model, or its data changed since the
      training.
    """
    run = Path(settings.run)
    config = read_training(run)
    generator = load_generator(run)
    dataset = load_run_data(run, config, settings.data)
    network = FeatureNetwork.for_dataset(dataset, epochs=1 if settings.preset == "smoke" else None)
    labels = generator.balanced_labels(0, settings.count)
    images = generator.images(settings.seed, 0, settings.count, labels)
    report = {"run": str(run)} | compare_images(
        dataset, images, labels, network, settings.count, settings.split, settings.seed
    )
    write_json(run / "metrics.json", report)
    draw(run / "evaluation", report, images, dataset)
    if not settings.quiet:
        print_table(report)
        print(f"written: {run / 'metrics.json'}, pictures in {run / 'evaluation'}")
    return report


def read_training(run: Path) -> dict:
    """RUN/config.json of a GAN run, with everything in it that an evaluation needs.

    Raises: InputError if something is missing or is not what the training wrote.
    """
    config = read_config(run, "gan")
    chosen = config["settings"]
    number = int | None
    for name, value, kind in (
        ("data_sha256", config["data_sha256"], str),
        ("settings.data", chosen.get("data"), str),
        ("settings.latent_dim", chosen.get("latent_dim"), int),
        ("settings.image_size", chosen.get("image_size", "missing"), number),
        ("settings.max_images", chosen.get("max_images", "missing"), number),
    ):
        if not isinstance(value, kind):
            raise InputError(
                f"{run / 'config.json'} in which {name} is {value!r}",
                "the config.json that `gan train` wrote",
                "restore the file, or train again",
            )
    return config


def load_run_data(run: Path, config: dict, data: str | None = None) -> ImageDataset:
    """The data set that a GAN run was trained on.

    Args:
      run: the run directory, for messages.
      config: what `read_training` returned.
      data: where the data set lies now, if not where it was.

    Raises: InputError if it is not the same, bit for bit.
    """
    chosen = config["settings"]
    data = data or chosen["data"]
    dataset = load_images(data, chosen["image_size"], chosen["max_images"])
    if dataset.sha256 != config["data_sha256"]:
        raise InputError(
            f"{data} with SHA-256 {dataset.sha256[:16]}...",
            f"{config['data_sha256'][:16]}..., as when {run} was trained",
            "give the run its old data back, with --data if they lie elsewhere now",
        )
    return dataset


def draw(directory: Path, report: dict, images: np.ndarray, dataset: ImageDataset) -> None:
    """Write the pictures of a report.

    nearest_closest.png  the samples nearest to any training image, each left of that image
    nearest_first.png    the first samples, each left of its nearest training image
    class_histogram.png  share of each class, synthetic beside real (data with labels)
    """
    directory.mkdir(exist_ok=True)
    training, metrics = dataset.train.images, report["metrics"]
    first = images[:FIRST_SAMPLES]
    indices, distances = nearest_images(first, training)
    pairs = nearest_training_images(first, training, indices, distances)
    save_image(image_grid(pairs, columns=8, scale=2), directory / "nearest_first.png")
    closest = metrics["nearest_training_pixels"].get("closest", [])
    if closest:
        samples = images[[pair["sample"] for pair in closest]]
        neighbours = np.array([pair["training"] for pair in closest])
        distances = np.array([pair["distance"] for pair in closest])
        pairs = nearest_training_images(samples, training, neighbours, distances)
        save_image(image_grid(pairs, columns=8, scale=2), directory / "nearest_closest.png")
    if metrics["class_shares"]["value"] is not None:
        figure = class_histogram(metrics["class_shares"], dataset.class_names)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph")  # a class name the font cannot draw
            save_figure(figure, directory / "class_histogram.png")


def class_histogram(shares: dict, class_names: tuple[str, ...]) -> Figure:
    """Two bars for each class: its share among synthetic and among real images.

    Of more than 200 classes, the 200 whose shares differ most are drawn, in order.
    """
    synthetic, real = np.array(shares["value"]), np.array(shares["real"])
    most_different = np.argsort(-np.abs(synthetic - real), kind="stable")
    drawn = np.sort(most_different[:MOST_CLASSES])
    width = min(max(4.0, 0.6 * len(drawn)), WIDEST)
    figure = Figure(figsize=(width, 3.2), layout="constrained")
    axes = figure.subplots()
    places = np.arange(len(drawn))
    axes.bar(places - 0.2, synthetic[drawn], width=0.4, label="synthetic")
    axes.bar(places + 0.2, real[drawn], width=0.4, label="real")
    names = [shortened(class_names[index]) for index in drawn]
    crowded = len(names) > 12 or max(map(len, names)) > 8
    if len(names) <= MOST_NAMES:
        axes.set_xticks(places, names, rotation=90 if crowded else 0, parse_math=False)
    else:
        axes.set_xticks([])
    label = "class, as the feature network sees it"
    if len(drawn) < len(class_names):
        label += f": the {len(drawn)} of {len(class_names)} that differ most"
    axes.set(xlabel=label, ylabel="share")
    axes.legend()
    return figure


def shortened(name: str) -> str:
    """A class name that leaves room for the bars."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def print_table(report: dict) -> None:
    """One line a metric: value, the same for real images, how to read it."""
    accuracy = report["feature_network_test_accuracy"]
    print(
        f"{report['synthetic_count']} synthetic and {report['real_count']} real training images "
        f"against {report['held_out_count']} {report['split']} images of {report['data']}"
    )
    print(
        f"features: {report['features']}"
        + ("" if accuracy is None else f", {accuracy:.2%} of the test images right")
    )
    if report["data"] == "mnist" and accuracy is not None and accuracy < USUAL_MNIST_ACCURACY:
        print(
            f"note: below {USUAL_MNIST_ACCURACY:.0%} on MNIST, so a weak network (few images or "
            "epochs): do not compare these figures with those of another network"
        )
    print(row("metric", "synthetic", "real", "how to read it"))
    for name, metric in report["metrics"].items():
        if metric["value"] is None:
            print(row(name, "-", "-", f"not computed: {metric['reason']}"))
        elif not isinstance(metric["value"], list):  # lists are drawn
            value = _number(metric["value"], metric.get("standard_error"))
            real = _number(metric["real"], metric.get("real_standard_error"))
            print(row(name, value, real, metric["how_to_read"]))


def _number(value: float | int | None, standard_error: float | None) -> str:
    if value is None:  # the real side may lack an answer on its own
        return "-"
    if isinstance(value, int):
        return str(value)
    return f"{value:.4g}" if standard_error is None else f"{value:.1f} ± {standard_error:.1f}"
