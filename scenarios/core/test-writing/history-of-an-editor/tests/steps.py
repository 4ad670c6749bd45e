class LimitError(ValueError):
    """A history that could not undo anything."""


class Step:
    def __init__(self, label, state, group):
        self.label, self.state, self.group = label, state, group


class History:
    def __init__(self, state, limit):
        if not limit > 0:
            raise LimitError(limit)
        self.limit, self.saved, self.at, self.steps = limit, state, 0, [Step(None, state, None)]

    def current(self):
        return self.steps[self.at].state

    def do(self, label, state, group=None):
        here = self.steps[self.at]
        if state == here.state:
            return False
        if group is not None and here.group == group:
            here.state = state
            return True
        self.steps[self.at + 1 :] = [Step(label, state, group)]
        self.steps = self.steps[-self.limit - 1 :]
        self.at = len(self.steps) - 1
        return True

    def undo(self):
        label = self.steps[self.at].label if self.at else None
        self.move(-1)
        return label

    def redo(self):
        self.move(1)
        return self.steps[self.at].label if self.moved else None

    def move(self, by):
        for step in self.steps:
            step.group = None
        before = self.at
        self.at = min(max(self.at + by, 0), len(self.steps) - 1)
        self.moved = self.at != before

    def labels(self):
        return tuple(step.label for step in self.steps[1 : self.at + 1])

    def save(self):
        self.saved = self.current()

    def is_changed(self):
        return self.current() != self.saved
