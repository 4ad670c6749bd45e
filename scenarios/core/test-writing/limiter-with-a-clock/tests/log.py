class CostError(ValueError):
    """What no limiter can hold."""


class Limiter:
    def __init__(self, most, window, clock):
        self.most, self.window, self.clock, self.log = most, window, clock, []
        if min(most, window) < 1:
            raise CostError

    def remaining(self, key):
        return self.most - sum(cost for name, at, cost in self.log if name == key and at > self.clock() - self.window)

    def wait(self, key, cost=1):
        if cost < 1 or cost > self.most:
            raise CostError
        free = self.remaining(key)
        for name, at, units in self.log:
            if free >= cost:
                return 0.0
            ends = at + self.window
            if name == key and ends > self.clock():
                free += units
                if free >= cost:
                    return float(ends - self.clock())
        return 0.0

    def allow(self, key, cost=1):
        if self.wait(key, cost):
            return False
        self.log.append((key, self.clock(), cost))
        return True

    def reset(self, key):
        self.log = [entry for entry in self.log if entry[0] != key]
