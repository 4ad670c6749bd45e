"""States of the detector as bytes and back: JSON for their structure, and the arrays behind it as they lie in memory.

Only the classes named here are ever made, so that reading bytes runs nothing. Not here: where the bytes are kept.
"""

from __future__ import annotations

import json
import struct
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from orchestration.stats.change_points import Checkpoint
from orchestration.stats.detection_metrics import WATCHED, Metric
from orchestration.stats.hour_values import Control
from orchestration.stats.incidents import Change, Recovery
from orchestration.stats.scenario_channel import ScenarioChannel
from orchestration.stats.scenario_watch import Held, ScenarioWatch
from orchestration.stats.season import Season
from orchestration.stats.stream_values import StreamValues
from orchestration.stats.stream_watch import Incident, StreamWatch
from orchestration.stats.window_statistic import Crossing, Noise

if TYPE_CHECKING:
    from collections.abc import Mapping

_CLASSES: dict[str, type[Any]] = {
    made.__name__: made
    for made in (
        Change, Checkpoint, Control, Crossing, Held, Incident, Noise, Recovery, ScenarioChannel, ScenarioWatch, Season,
        StreamValues, StreamWatch,
    )
}  # fmt: skip
_METRICS = {metric.name: metric for metric in WATCHED}
_HEADER = struct.Struct("<Q")


def to_bytes(states: Mapping[str, Checkpoint]) -> bytes:
    """States by metric; an object that one holds in two places is one object again when it is read."""
    writer = _Writer()
    structure = json.dumps({"states": writer.told(dict(states)), "arrays": writer.shapes}).encode()
    return b"".join([_HEADER.pack(len(structure)), structure, *writer.arrays])


def from_bytes(data: bytes) -> dict[str, Checkpoint]:
    """The states that these bytes were made from. Raises ValueError for anything else."""
    try:
        (length,) = _HEADER.unpack_from(data)
        start = _HEADER.size + length
        structure = json.loads(data[_HEADER.size : start])
        states = _Reader(structure["arrays"], data, start).made(structure["states"])
    except (struct.error, KeyError, TypeError, IndexError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"these bytes are no states of the detector ({error!r})") from error
    return dict(states)


def _names(made: type[Any], entry: object) -> list[str]:
    return [field.name for field in fields(made)] if is_dataclass(made) else sorted(vars(entry))


class _Writer:
    def __init__(self) -> None:
        self.shapes: list[tuple[str, list[int], int]] = []
        self.arrays: list[bytes] = []
        self._places: dict[int, int] = {}

    def told(self, entry: object) -> Any:
        """What JSON holds as it is stays as it is; all else is a list that begins with its kind."""
        if entry is None or isinstance(entry, bool | int | float | str):
            return entry
        if isinstance(entry, np.generic):
            return entry.item()
        if isinstance(entry, np.ndarray):
            return ["array", self._place_of(entry)]
        if isinstance(entry, list | tuple):
            return [type(entry).__name__, *map(self.told, entry)]
        if isinstance(entry, dict):
            return ["dict", *([self.told(key), self.told(value)] for key, value in entry.items())]
        return ["metric", entry.name] if isinstance(entry, Metric) else self._object(entry)

    def _object(self, entry: object) -> Any:
        if id(entry) in self._places:
            return ["same", self._places[id(entry)]]
        made = type(entry)
        self._places[id(entry)] = len(self._places)
        place = self._places[id(entry)]
        held = {name: self.told(getattr(entry, name)) for name in _names(made, entry)}
        return ["object", _CLASSES[made.__name__].__name__, place, held]

    def _place_of(self, array: np.ndarray[Any, Any]) -> int:
        """Long histories begin with hours that were forgotten, all alike: their number stands for them."""
        repeated = _leading_repeats(array)
        kept = np.ascontiguousarray(array[repeated:])
        self.arrays.append(array[:1].tobytes() + kept.tobytes() if repeated else kept.tobytes())
        self.shapes.append((array.dtype.str, list(array.shape), repeated))
        return len(self.shapes) - 1


def _leading_repeats(array: np.ndarray[Any, Any]) -> int:
    if array.ndim != 1 or array.dtype.kind != "f" or not len(array):
        return 0
    others = np.flatnonzero(~np.isnan(array) if np.isnan(array[0]) else array != array[0])
    return int(others[0]) if len(others) else len(array)


class _Reader:
    def __init__(self, shapes: list[tuple[str, list[int], int]], data: bytes, start: int) -> None:
        self._arrays: list[np.ndarray[Any, Any]] = []
        for dtype, shape, repeated in shapes:
            stored = [shape[0] - repeated + 1] if repeated else shape
            count = int(np.prod(stored))
            kept = np.frombuffer(data, dtype=dtype, count=count, offset=start)
            start += kept.nbytes
            whole = np.concatenate([np.repeat(kept[:1], repeated), kept[1:]]) if repeated else kept.copy()
            self._arrays.append(whole.reshape(shape))
        self._objects: dict[int, Any] = {}

    def made(self, told: Any) -> Any:
        if not isinstance(told, list):
            return told
        kind, *parts = told
        if kind == "object":
            return self._object(*parts)
        if kind in {"list", "tuple"}:
            entries = [self.made(part) for part in parts]
            return entries if kind == "list" else tuple(entries)
        if kind == "dict":
            return {self.made(key): self.made(value) for key, value in parts}
        if kind == "array":
            return self._arrays[parts[0]]
        return _METRICS[parts[0]] if kind == "metric" else self._objects[parts[0]]

    def _object(self, name: str, place: int, held: dict[str, Any]) -> Any:
        entry = object.__new__(_CLASSES[name])
        self._objects[place] = entry
        for attribute, value in held.items():
            object.__setattr__(entry, attribute, self.made(value))
        return entry
