"""The process as it runs in the plant: its zone, and what it has logged."""

import logging
import os
import time

os.environ["TZ"] = "{{zone.posix}}"
time.tzset()


class Memory(logging.Handler):
    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


memory = Memory()
logging.getLogger().addHandler(memory)


def heard():
    """The lines that were logged since the last call."""
    lines, memory.lines = memory.lines, []
    return lines
