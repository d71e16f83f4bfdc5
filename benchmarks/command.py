"""`run.py benchmark NAME`: measure two sides in turn, compare them, print the table."""

import os
import platform
import statistics

from benchmarks.config import BenchmarkSettings
from benchmarks.gan import benchmark_gan

FUNCTIONS = {"gan": benchmark_gan}
QUIET_LOAD = 0.5  # programs that want a processor, averaged over the last minute


def benchmark(settings: BenchmarkSettings) -> dict:
    """Run one benchmark and print its table.

    Returns: {"benchmark", "images", "batch_size", "mflop_an_image", "machine", "sides", and what
    `compare` returns}.
    Raises: InputError if a package or a flag is at fault, OSError if a side's process ends early.
    """
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None  # not on Windows
    measured = FUNCTIONS[settings.name](settings)
    seconds = {name: side["seconds"] for name, side in measured["sides"].items()}
    result = {
        "benchmark": settings.name,
        **measured,
        "machine": {
            "machine": platform.machine(),
            "system": platform.system(),
            "cpus": os.cpu_count(),
            "python": platform.python_version(),
            "load_before": load,
        },
        **compare(seconds, measured["images"]),
    }
    print("\n" + table(result))
    warn_if_busy(load)  # here, because it must stand beside the figures
    return result


def warn_if_busy(load: float | None) -> None:
    """Say so if other programs compute: the figures are then worth nothing.

    Seen beside two other trainings on two cores: PyTorch at a seventeenth of TensorFlow's speed.
    OpenMP cuts each operation in equal parts, and every thread waits for the slowest; TensorFlow's
    threads take new work as they get free.
    """
    if load is not None and load > QUIET_LOAD:
        print(
            f"warning: the load average was {load:.1f} at the start. If other programs were "
            "computing, these figures do not count: PyTorch suffers more than TensorFlow. "
            "Repeat on a quiet machine."
        )


def compare(seconds: dict[str, list[float]], images: int) -> dict:
    """Speeds of two sides, and how many times the first is as fast as the second.

    Args:
      seconds: two sides; for each, one duration a round, in the order of the rounds.
      images: images trained in each of these durations.

    Returns: "images_per_second": {side: {"median", "min", "max", "rounds"}}, "ratio_of_medians",
    and "ratios": {"median", "min", "max", "rounds"}, each between neighbours in time.
    """
    speeds = {name: [images / value for value in values] for name, values in seconds.items()}
    ours, theirs = speeds.values()
    return {
        "images_per_second": {name: spread(values) for name, values in speeds.items()},
        "ratio_of_medians": statistics.median(ours) / statistics.median(theirs),
        "ratios": spread([a / b for a, b in zip(ours, theirs, strict=True)]),
    }


def spread(values: list[float]) -> dict:
    """Median, smallest, largest, and the values themselves."""
    return {
        "median": statistics.median(values),
        "min": min(values),
        "max": max(values),
        "rounds": values,
    }


def table(result: dict) -> str:
    """The result for people."""
    lines = [f"{'images/s':<12}{'median':>9}{'min':>9}{'max':>9}{'GFLOP/s':>9}{'cores':>7}"]
    for name, speed in result["images_per_second"].items():
        gflops = speed["median"] * result["mflop_an_image"] / 1000
        numbers = [speed["median"], speed["min"], speed["max"], gflops]
        cores = statistics.median(result["sides"][name]["cores"])
        row = "".join(f"{number:>9,.0f}" for number in numbers)
        lines.append(f"{name:<12}{row}{cores:>7.2f}")
    ours, theirs = result["sides"]
    ratios = result["ratios"]
    lines += [
        f"{ours} / {theirs}: {result['ratio_of_medians']:.2f} (ratio of medians); "
        f"round by round {ratios['min']:.2f} to {ratios['max']:.2f}",
        f"rounds in turn after a warm-up: {len(ratios['rounds'])}, each of {result['images']:,} "
        f"images in batches of {result['batch_size']}; an image needs "
        f"{result['mflop_an_image']:.2f} MFLOP; cores: kept busy, on average",
    ]
    for name, side in result["sides"].items():
        lines.append(
            f"{name} {side['version']}: {side['threads']} threads, {side['how']}; last losses "
            f"G {side['generator_loss']:.3f}, D {side['discriminator_loss']:.3f}"
        )
    return "\n".join(lines)
