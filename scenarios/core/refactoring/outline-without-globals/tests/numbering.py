"""Running numbers by kind. `next_number` and `restart` of the module are deprecated for `Numbering`."""


class Numbering:
    def __init__(self, first=0):
        self._first = first
        self._next = {}

    def next(self, kind):
        number = self._next.get(kind, self._first)
        self._next[kind] = number + 1
        return number

    def restart(self, kind):
        self._next.pop(kind, None)


_all = Numbering(first=1)


def next_number(kind):
    return _all.next(kind)


def restart():
    _all._next.clear()
