from collections import deque


class Limiter:
    def __init__(self, most, window, clock):
        if most < 1 or window < 1:
            raise ValueError("a limit of nothing, or for no time")
        self._most, self._window, self._clock = most, window, clock
        self._taken = {}

    def allow(self, key, cost=1):
        self._check(cost)
        now = self._clock()
        taken = self._current(key, now)
        if self._free(taken) < cost:
            return False
        taken.append((now, cost))
        return True

    def remaining(self, key):
        return self._free(self._current(key, self._clock()))

    def wait(self, key, cost=1):
        self._check(cost)
        now = self._clock()
        taken = self._current(key, now)
        free, seconds = self._free(taken), 0
        for at, units in taken:
            if free >= cost:
                break
            free += units
            seconds = at + self._window - now
        return seconds

    def reset(self, key):
        self._taken.pop(key, None)

    def _check(self, cost):
        if not 1 <= cost <= self._most:
            raise ValueError(f"a cost of {cost}")

    def _current(self, key, now):
        taken = self._taken.setdefault(key, deque())
        while taken and taken[0][0] + self._window <= now:
            taken.popleft()
        return taken

    def _free(self, taken):
        return self._most - sum(units for _, units in taken)
