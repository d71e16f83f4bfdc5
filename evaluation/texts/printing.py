"""`text evaluate RUN`: how well a model predicts held-out text, and what its own text is like."""

from evaluation.answers import row


def print_metrics(report: dict) -> None:
    """One line a measure of the model's own text: value, the same for human text, how to read."""
    print(
        f"{report['sample_characters']:,} characters written at temperature "
        f"{report['temperature']}, beside as many of held-out human text"
    )
    print_measures(report["metrics"])


def print_measures(metrics: dict[str, dict]) -> None:
    """The lines of the table; a curve has one for each length."""
    print(row("measure", "synthetic", "human", "how to read it"))
    for name, metric in metrics.items():
        if metric["value"] is None:
            print(row(name, "-", "-", f"not computed: {metric['reason']}"))
        elif "lengths" in metric:
            for length, value, real in zip(
                metric["lengths"], metric["value"], metric["real"], strict=True
            ):
                print(row(f"{name} {length}", share(value), share(real), ""))
            print(row("", "", "", metric["how_to_read"]))
        else:
            print(row(name, share(metric["value"]), share(metric["real"]), metric["how_to_read"]))


def share(value: float | int | None) -> str:
    """A figure with four digits that matter."""
    return "-" if value is None else f"{value:.4g}"
