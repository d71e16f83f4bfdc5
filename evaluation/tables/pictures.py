"""Two pictures of a synthetic table beside the real one: single columns, and correlations."""

import math
import warnings
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from data.tables.dataset import Column, Table
from evaluation.metrics.likeness.columns import correlation_matrix, ks_statistic, total_variation
from foundation.pictures import save_figure

MOST_COLUMNS = 12  # drawn, those that differ most
COLUMNS_A_ROW = 4
BINS = 20
MOST_NAMES = 40  # names beside a correlation matrix; more overlap


def columns_figure(real: Table, synthetic: Table) -> Figure:
    """Histograms of the columns that differ most: training rows filled, synthetic ones drawn."""
    distances = [
        (ks_statistic if column.is_numeric else total_variation)(
            real.values[:, index], synthetic.values[:, index]
        )
        for index, column in enumerate(real.columns)
    ]
    drawn = np.argsort(distances)[::-1][:MOST_COLUMNS]
    rows = math.ceil(len(drawn) / COLUMNS_A_ROW)
    figure = Figure(figsize=(2.6 * COLUMNS_A_ROW, 2.1 * rows + 0.4), layout="constrained")
    grid = figure.subplots(rows, COLUMNS_A_ROW, squeeze=False)
    for axes in grid.flat[len(drawn) :]:
        axes.axis("off")
    for axes, index in zip(grid.flat, drawn, strict=False):
        column = real.columns[index]
        both = [table.values[:, index] for table in (real, synthetic)]
        both = [values[~np.isnan(values)] for values in both]
        edges = _edges(column, both)
        axes.hist(both[0], edges, density=True, alpha=0.5, label="real (training)")
        axes.hist(both[1], edges, density=True, histtype="step", color="black", label="synthetic")
        axes.set_title(f"{column.name}: {distances[index]:.3f}", fontsize=8, parse_math=False)
        axes.set_yticks([])
        axes.tick_params(labelsize=6)
        if not column.is_numeric and len(column.categories) <= 6:
            axes.set_xticks(range(len(column.categories)), column.categories, parse_math=False)
    handles, names = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=2, fontsize="small")
    figure.suptitle("distance of each column's distributions (KS, or total variation)", fontsize=9)
    return figure


def correlations_figure(real: Table, synthetic: Table) -> Figure:
    """Rank correlations of the columns of numbers: real, synthetic, and their difference.

    Raises: InputError with fewer than two such columns.
    """
    names, of_real = correlation_matrix(real, ranks=True)
    _, of_synthetic = correlation_matrix(synthetic, ranks=True)
    matrices = {
        "real (training)": of_real,
        "synthetic": of_synthetic,
        "synthetic - real": of_synthetic - of_real,
    }
    figure = Figure(figsize=(11.5, 4.0), layout="constrained")
    all_axes = figure.subplots(1, len(matrices))
    for axes, (title, matrix) in zip(all_axes, matrices.items(), strict=True):
        image = axes.imshow(matrix, vmin=-1, vmax=1, cmap="RdBu_r")
        axes.set_title(title, fontsize=9)
        axes.set_xticks([])
        axes.set_yticks([])
    if len(names) <= MOST_NAMES:
        all_axes[0].set_yticks(range(len(names)), names, fontsize=6, parse_math=False)
    figure.colorbar(image, ax=all_axes, shrink=0.8)
    return figure


def draw_tables(directory: Path, real: Table, synthetic: Table) -> None:
    """Write columns.png and, if there are two columns of numbers, correlations.png.

    Args:
      directory: exists.
      real, synthetic: training rows, and rows of the same columns.
    """
    figures = {"columns.png": columns_figure(real, synthetic)}
    if sum(column.is_numeric for column in real.columns) >= 2:
        figures["correlations.png"] = correlations_figure(real, synthetic)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # a name that the font cannot draw
        for name, figure in figures.items():
            save_figure(figure, directory / name)


def _edges(column: Column, values: list[np.ndarray]) -> np.ndarray:
    """Borders of the bins, the same for both sides."""
    if not column.is_numeric:
        return np.arange(len(column.categories) + 1) - 0.5
    together = np.concatenate(values)
    return np.linspace(np.nanmin(together), np.nanmax(together), BINS + 1)
