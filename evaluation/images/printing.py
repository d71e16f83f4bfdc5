"""The table of a report of images: each figure beside that of real images."""

from foundation import console

USUAL_MNIST_ACCURACY = 0.99  # of the feature network, on test images
COLUMNS = ("metric", "synthetic", "real", "how to read it")


def print_table(report: dict) -> None:
    """What was compared, and one line a metric: value, the same for real images, how to read it."""
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
    rows = [
        _row(name, metric)
        for name, metric in report["metrics"].items()
        if not isinstance(metric["value"], list)  # lists are drawn
    ]
    console.print_table(COLUMNS, rows, words=COLUMNS[3:])


def _row(name: str, metric: dict) -> tuple[str, str, str, str]:
    if metric["value"] is None:
        return name, "-", "-", f"not computed: {metric['reason']}"
    value = _number(metric["value"], metric.get("standard_error"))
    real = _number(metric["real"], metric.get("real_standard_error"))
    return name, value, real, metric["how_to_read"]


def _number(value: float | int | None, standard_error: float | None) -> str:
    if value is None:  # the real side may lack an answer on its own
        return "-"
    if isinstance(value, int):
        return str(value)
    return f"{value:.4g}" if standard_error is None else f"{value:.1f} ± {standard_error:.1f}"
