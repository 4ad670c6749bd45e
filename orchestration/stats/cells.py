"""Cells of one stream: what one scenario version gave in one hour, as matrices of hours by versions.

Not here: how rows are read and checked (run_rows), nor the value of an hour (hour_values).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

HOURS_PER_DAY = 24


@dataclass(frozen=True)
class Cells:
    """`values` and `counts` have a row for each hour from hour 0 on and a column for each scenario version.

    A value is nan where nothing was observed. `scenarios` names each column's scenario, which several versions share.
    """

    values: NDArray[np.float64]
    counts: NDArray[np.float64]
    scenarios: tuple[str, ...]
    versions: tuple[str, ...]

    @property
    def hours(self) -> int:
        """How many hours there are, the unobserved ones among them."""
        return len(self.values)

    @cached_property
    def columns(self) -> tuple[tuple[str, str], ...]:
        return tuple(zip(self.scenarios, self.versions, strict=True))

    @cached_property
    def scenario_index(self) -> NDArray[np.intp]:
        """A number for the scenario of each column."""
        return np.unique(np.asarray(self.scenarios, dtype=str), return_inverse=True)[1]

    @cached_property
    def first_hours(self) -> NDArray[np.intp]:
        """Each column's first observed hour; the number of hours where there is none."""
        observed = np.isfinite(self.values)
        return np.where(observed.any(axis=0), observed.argmax(axis=0), self.hours)

    @cached_property
    def ahead(self) -> list[Any]:
        """Room for values of hours to come, computed once for many (hour_values); no part of what cells are."""
        return [None]

    def until(self, hour: int) -> Cells:
        """What was known before `hour`."""
        return Cells(self.values[:hour], self.counts[:hour], self.scenarios, self.versions)


def cells_of(
    hours: NDArray[np.intp],
    keys: Sequence[tuple[str, str]],
    columns: NDArray[np.intp],
    values: NDArray[np.float64],
    counts: NDArray[np.float64],
    last_hour: int | None = None,
) -> Cells:
    """From one row per hour and version: `columns` points into `keys`, which are (scenario, version).

    Two rows of the same hour and version must not occur. The order of the rows makes no difference.
    """
    span = (int(hours.max()) if last_hour is None else last_hour) + 1
    matrix = np.full((span, len(keys)), np.nan)
    weights = np.zeros((span, len(keys)))
    matrix[hours, columns] = values
    weights[hours, columns] = np.where(np.isfinite(values), counts, 0)
    return Cells(matrix, weights, tuple(key[0] for key in keys), tuple(key[1] for key in keys))
