class History:
    def __init__(self, state, limit):
        if limit < 1:
            raise ValueError("a history of no steps")
        self._limit = limit
        self._state = self._saved = state
        self._done, self._undone = [], []
        self._group = None

    def current(self):
        return self._state

    def do(self, label, state, group=None):
        if state == self._state:
            return False
        if group is None or group != self._group:
            self._done.append((label, self._state))
            del self._done[: -self._limit]
        self._undone.clear()
        self._state, self._group = state, group
        return True

    def undo(self):
        self._group = None
        if not self._done:
            return None
        label, before = self._done.pop()
        self._undone.append((label, self._state))
        self._state = before
        return label

    def redo(self):
        self._group = None
        if not self._undone:
            return None
        label, after = self._undone.pop()
        self._done.append((label, self._state))
        self._state = after
        return label

    def labels(self):
        return [label for label, _ in self._done]

    def save(self):
        self._saved = self._state

    def is_changed(self):
        return self._state != self._saved
