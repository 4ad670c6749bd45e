"""A circuit breaker: stops asking what fails every time, tries it again after a wait, and gives it up in the end.

Not here: which failure concerns a whole host and which one model (host_gate).

::

    closed --(5 failures in a row)--> open --(wait)--> half open --(success)--> closed
                                       ^                   |
                                       '----(failure)------'     after the last wait: given up for a while
    closed --(a failure that stays)--> broken

Open, calls wait: a host that was away for some seconds costs only the calls that met it. Given up or broken, calls
are refused without a connection. After M. Nygard, Release It! (2007), "Circuit Breaker"; the waiting is ours, since
an hour's calls may come late but may not be lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestration.providers.failures import ProviderError


@dataclass(frozen=True, slots=True)
class CircuitPolicy:
    """After how many failures in a row it opens, how long it then waits before each probe, and how long it gives up."""

    failures: int = 5
    waits_s: tuple[float, ...] = (5.0, 10.0, 20.0)
    given_up_s: float = 300.0


class Circuit:
    """One circuit. Moments are seconds of one monotonic clock. It never waits itself."""

    def __init__(self, policy: CircuitPolicy) -> None:
        self._policy = policy
        self._failures = 0
        self._openings = 0
        self._opens_at = 0.0
        self._cause: ProviderError | None = None
        self._is_broken = False
        self._is_probed = False

    def refusal(self, now: float) -> ProviderError | None:
        """The failure that a call meets without being asked; None where it may be asked, now or after a wait."""
        is_given_up = self._openings > len(self._policy.waits_s) and now < self._opens_at
        return self._cause if self._is_broken or is_given_up else None

    def delay_s(self, now: float) -> float:
        """How long to wait before asking; while a probe is on its way nobody knows, and infinity is returned."""
        if self._cause is None:
            return 0.0
        return float("inf") if self._is_probed else max(0.0, self._opens_at - now)

    def admitted(self) -> bool:
        """Note that a call goes out; True when it is the probe that decides."""
        self._is_probed = self._cause is not None
        return self._is_probed

    def abandoned(self) -> None:
        """The probe was cancelled and tells nothing: the next call is one."""
        self._is_probed = False

    def succeeded(self) -> None:
        if not self._is_broken:
            self._failures, self._openings, self._cause, self._is_probed = 0, 0, None, False

    def failed(self, error: ProviderError, now: float, *, is_probe: bool) -> None:
        """Count a failure. Those of calls that were under way when it opened change nothing."""
        self._failures += 1
        if is_probe or (self._cause is None and self._failures >= self._policy.failures):
            self._open(error, now)

    def broke(self, error: ProviderError) -> None:
        """A failure that every further call would meet."""
        self._cause, self._is_broken = error, True

    def _open(self, error: ProviderError, now: float) -> None:
        waits = self._policy.waits_s
        self._opens_at = now + (waits[self._openings] if self._openings < len(waits) else self._policy.given_up_s)
        self._openings = min(self._openings + 1, len(waits) + 1)
        self._cause, self._is_probed = error, False
