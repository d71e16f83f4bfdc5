"""Dates and times of one form: whole days, hours, ... for models, and the same form again."""

import dataclasses
import datetime
import functools
import itertools
import re
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from data.tables.dataset import Column

# As strptime names them; "%-d" is a day without a leading zero, "%3f" milliseconds.
DAYS = (
    *("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%d.%m.%Y", "%-d.%-m.%Y", "%d/%m/%Y", "%-d/%-m/%Y"),
    *("%m/%d/%Y", "%-m/%-d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y-%m", "%d %b %Y", "%d-%b-%Y"),
)
CLOCKS = ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%H:%M:%S.%3f")
FORMS = (*DAYS, *CLOCKS, *("".join(parts) for parts in itertools.product(DAYS, " T", CLOCKS)))
ZONE = re.compile(r":\d\d(?:\.\d+)?( ?(?:Z|[+-]\d\d:?\d\d))$")
LIKELY = re.compile(r"\d{4}|\d:\d\d")  # in every form
EPOCH = datetime.datetime(1970, 1, 1)
UNITS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1, "microsecond": 1e-6}  # seconds


def split_zone(cell: str) -> tuple[str, str]:
    """A cell without its time zone, and the zone."""
    match = ZONE.search(cell)
    return (cell, "") if match is None else (cell[: match.start(1)], match[1])


def written(moment: datetime.datetime, form: str) -> str:
    """A moment in a form, on every system."""
    form = form.replace("%3f", f"{moment.microsecond // 1000:03d}").replace(
        "%Y", f"{moment.year:04d}"
    )
    return moment.strftime(form.replace("%-d", str(moment.day)).replace("%-m", str(moment.month)))


@functools.lru_cache(100_000)  # forms are tried on all cells before they are read
def parse(cell: str, form: str) -> datetime.datetime | None:
    """The moment that a cell names, None if it is not exactly of this form."""
    try:
        moment = datetime.datetime.strptime(cell, form.replace("%-", "%").replace("%3f", "%f"))
    except ValueError:
        return None
    plain = form != "%Y%m%d" or 1800 <= moment.year < 2200  # others are numbers of eight digits
    return moment if plain and written(moment, form) == cell else None


def forms_of(cells: Sequence[str]) -> list[str]:
    """The forms in which most of these cells are moments; [] where none is."""
    cells = [split_zone(cell)[0] for cell in cells]
    few = [cell for cell in cells[:: max(1, len(cells) // 20)] if LIKELY.search(cell)]
    likely = [form for form in FORMS if any(parse(cell, form) for cell in few)]
    counts = {form: sum(parse(cell, form) is not None for cell in cells) for form in likely}
    return [form for form in likely if counts[form] == max(counts.values())]


@dataclasses.dataclass(frozen=True)
class DateCodec:
    """A column of moments, as whole units since 1970.

    Args:
      format: one of FORMS, or another that strptime knows.
      unit: the largest of "month" and UNITS of which all cells are whole ones.
      zone: what stands behind every moment, such as "Z" or "+01:00".
      range: first and last legal value, if that was declared.
    """

    format: str
    unit: str
    zone: str = ""
    range: tuple[float, float] | None = None

    kind: ClassVar[str] = "date"
    measured: ClassVar[bool] = True

    @classmethod
    def learn(cls, cells: Sequence[str], form: str) -> "DateCodec":
        """The unit and the zone of cells of this form; others among them are passed over."""
        pairs = [split_zone(cell) for cell in cells]
        zone = max({zone for _, zone in pairs}, key=[zone for _, zone in pairs].count)
        moments = [moment for cell, _ in pairs if (moment := parse(cell, form))]
        if all(moment == EPOCH.replace(moment.year, moment.month) for moment in moments):
            return cls(form, "month", zone)
        steps = [moment - EPOCH for moment in moments]
        sizes = {unit: datetime.timedelta(seconds=size) for unit, size in UNITS.items()}
        return cls(
            form, next(u for u, size in sizes.items() if not any(s % size for s in steps)), zone
        )

    def read(self, cells: Sequence[str]) -> np.ndarray:
        """float64 (cells,): whole units; NaN for what is no such moment, or outside the range."""
        values = np.array([self._value(*split_zone(cell)) for cell in cells], np.float64)
        low, high = self.range or (-np.inf, np.inf)
        return np.where((values >= low) & (values <= high), values, np.nan)

    def _value(self, cell: str, zone: str) -> float:
        moment = parse(cell, self.format) if zone == self.zone else None
        if moment is None:
            return np.nan
        if self.unit == "month":
            return 12 * (moment.year - 1970) + moment.month - 1
        return (moment - EPOCH) // datetime.timedelta(seconds=UNITS[self.unit])

    def write(self, values: np.ndarray, seed: int, start: int) -> list[str]:
        """Cells of legal values, in the form of the others."""
        if self.unit == "month":
            months = [divmod(int(value), 12) for value in values]
            moments = [EPOCH.replace(1970 + year, 1 + month) for year, month in months]
        else:
            unit = datetime.timedelta(seconds=UNITS[self.unit])
            moments = [EPOCH + int(value) * unit for value in values]
        return [written(moment, self.format) + self.zone for moment in moments]

    def column(self, name: str) -> Column:
        """What models see of it."""
        return Column(name, span=self.range)


@dataclasses.dataclass(frozen=True)
class TimeCodec(DateCodec):
    """The time of a series: what is drawn goes on behind its `last` one, at its usual `step`."""

    last: float = 0.0
    step: float = 1.0

    def write(self, values: np.ndarray, seed: int, start: int) -> list[str]:
        """The times of the steps start, start + 1, ... behind the last one."""
        steps = np.arange(start, start + len(values)) + 1
        return super().write(np.rint(self.last + self.step * steps), seed, start)

    def column(self, name: str) -> None:
        """Models see nothing of it."""
