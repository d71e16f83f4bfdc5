"""`run.py benchmark NAME`: measure the sides in turn, compare them, print the tables."""

import os
import platform

from benchmarks.augmentation.benchmark import benchmark_augmentation
from benchmarks.config import BenchmarkSettings
from benchmarks.gan.benchmark import benchmark_gan
from benchmarks.tables import augmentation_table, table
from benchmarks.text.benchmark import benchmark_text
from training.run_directory import processor

FUNCTIONS = {"gan": benchmark_gan, "text": benchmark_text, "augmentation": benchmark_augmentation}
TABLES = {"gan": table, "text": table, "augmentation": augmentation_table}
QUIET_LOAD = 0.5  # programs that want a processor, averaged over the last minute


def benchmark(settings: BenchmarkSettings) -> dict:
    """Run one benchmark and print its tables.

    Returns: {"benchmark", "machine", "measures": {name: see turns.measure_in_turn; for
      augmentation see augmentation.benchmark.measure_size}}.
    Raises: InputError if a package is missing, OSError if a side's process ends early.
    """
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None  # not on Windows
    measures = FUNCTIONS[settings.name](settings)
    for name, result in measures.items():
        print("\n" + TABLES[settings.name](name, result))
    print(f"\nprocessor: {processor()}, {os.cpu_count()} CPUs")
    warn_if_busy(load)  # here, because it must stand beside the figures
    return {
        "benchmark": settings.name,
        "machine": {
            "processor": processor(),
            "system": platform.system(),
            "cpus": os.cpu_count(),
            "python": platform.python_version(),
            "load_before": load,
        },
        "measures": measures,
    }


def warn_if_busy(load: float | None) -> None:
    """Say so if other programs compute: the figures are then worth nothing.

    Seen beside two other trainings on two cores: PyTorch at a seventeenth of TensorFlow's speed.
    OpenMP cuts each operation in equal parts, and every thread waits for the slowest; TensorFlow's
    threads take new work as they get free.
    """
    if load is not None and load > QUIET_LOAD:
        print(
            f"warning: the load average was {load:.1f} at the start. If other programs were "
            "computing, these figures do not count: some of the sides suffer more than others. "
            "Repeat on a quiet machine."
        )
