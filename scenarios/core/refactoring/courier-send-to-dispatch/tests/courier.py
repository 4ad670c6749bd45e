"""Sends short texts to the devices of a depot. `send` and `flush` are deprecated, `dispatch` and `drain` replace them."""

from collections import namedtuple

Receipt = namedtuple("Receipt", "number")
LONGEST = 40

_journal = []


class Refused(Exception):
    """The device is off, or the text is empty or too long."""


def open_journal():
    _journal.clear()


def _is_refused(device, text):
    return device.startswith("off") or not 0 < len(text) <= LONGEST


def _put(device, text, delay, attempts):
    if _is_refused(device, text):
        raise Refused(device)
    _journal.append({"text": text, "device": device, "attempts": attempts, "delay": delay})
    return len(_journal) - 1


def send(device, text, delay={{wait}}, retries=0):
    try:
        return _put(device, str(text), max(delay, 0) / 1000, retries + 1)
    except Refused:
        return -1


def dispatch(text, device, attempts=3, delay=1.0):
    if not isinstance(text, str):
        raise TypeError("a text is a str")
    if delay < 0 or attempts < 1:
        raise ValueError("a delay is 0 or more, attempts are 1 or more")
    return Receipt(_put(device, text, delay, attempts))


def drain():
    entries = list(_journal)
    _journal.clear()
    return entries


def flush():
    return [[item["device"], item["text"], round(item["delay"] * 1000), item["attempts"] - 1] for item in drain()]
