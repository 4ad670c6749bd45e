"""The seccomp filter of a cell: what is not listed fails with EPERM, a foreign ABI kills.

Not here: the calls that are listed (system_calls), nor putting the filter in force (cell.confine).

A filter is classic BPF, `struct sock_filter` by `struct sock_filter`: see seccomp(2) and linux/filter.h.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orchestration.sandbox.system_calls import numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

Instruction = tuple[int, int, int, int]

LOAD, JUMP, JUMP_EQUAL, JUMP_GREATER_EQUAL, JUMP_ANY_BIT, AND, RETURN = 0x20, 0x05, 0x15, 0x35, 0x45, 0x54, 0x06
NUMBER_AT, ARCHITECTURE_AT, FIRST_ARGUMENT_AT = 0, 4, 16
KILL_PROCESS, ERROR, ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
EPERM, ENOTTY, ENOSYS = 1, 25, 38
ARCHITECTURES: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT: Final = 0x40000000

CLONE_THREAD: Final = 0x00010000
CLONE_NAMESPACES: Final = 0x7E020000
"""CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET."""

AF_UNIX: Final = 1
SOCK_STREAM, SOCK_SEQPACKET, SOCK_TYPES = 1, 5, 0xF
"""A datagram socket of a pair can still name another receiver; a connected one can't."""

TERMINAL_QUESTIONS: Final = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX."""

HARMLESS_PRCTLS: Final = (3, 15, 16, 23, 29, 30, 39, 0x53564D41)
"""GET_DUMPABLE, SET_NAME, GET_NAME, CAPBSET_READ, SET_TIMERSLACK, GET_TIMERSLACK, GET_NO_NEW_PRIVS, SET_VMA."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a cell may do beyond computing and files: start processes, become other programs."""

    may_fork: bool
    may_execute: bool = False


def build_filter(machine: str, rules: Rules) -> bytes:
    """The filter as bytes. Raises KeyError for a processor whose calls are not known."""
    leaves = {number: [returned(ALLOW)] for number in numbers(machine, *UNCONDITIONAL).values()}
    conditional = numbers(machine, "conditional")
    leaves |= {conditional[name]: code for name, code in conditions(rules).items() if name in conditional}
    start = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (JUMP_EQUAL, 1, 0, ARCHITECTURES[machine]),
        returned(KILL_PROCESS),
        (LOAD, 0, 0, NUMBER_AT),
    ]
    if machine == "x86_64":
        start += [(JUMP_GREATER_EQUAL, 0, 1, X32_BIT), returned(KILL_PROCESS)]
    program = [*start, *search(sorted(leaves.items()))]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


TOWARDS_OTHERS: Final = (
    *("fork", "vfork", "kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"),
    *("setpriority", "sched_setaffinity"),
)
"""What makes other processes or reaches them: harmless in a process namespace of one's own, and allowed there alone."""

UNCONDITIONAL: Final = ("files", "waiting", "memory", "signals", "processes", "time", "pairs")


def conditions(rules: Rules) -> dict[str, list[Instruction]]:
    """The conditional calls by name; each block ends by returning."""
    fork = [returned(ALLOW if rules.may_fork else ERROR | EPERM)]
    return {
        **dict.fromkeys(TOWARDS_OTHERS, fork),
        "clone": clone(rules),
        "clone3": [returned(ERROR | ENOSYS)],
        "execve": [returned(ALLOW if rules.may_execute else ERROR | EPERM)],
        "socketpair": [
            *unless(0, (AF_UNIX,), returned(ERROR | EPERM)),
            *unless(1, (SOCK_STREAM, SOCK_SEQPACKET), returned(ERROR | EPERM), mask=SOCK_TYPES),
            returned(ALLOW),
        ],
        "sendto": [
            *unless(4, (0,), returned(ERROR | EPERM)),
            *unless_high(4, returned(ERROR | EPERM)),
            returned(ALLOW),
        ],
        "ioctl": [*unless(1, TERMINAL_QUESTIONS, returned(ERROR | ENOTTY)), returned(ALLOW)],
        "prctl": [*unless(0, HARMLESS_PRCTLS, returned(ERROR | EPERM)), returned(ALLOW)],
        "prlimit64": [*unless(0, (0,), returned(ERROR | EPERM)), returned(ALLOW)],
    }


def clone(rules: Rules) -> list[Instruction]:
    """Threads always, processes where they may be, new namespaces never."""
    forks = [] if rules.may_fork else [(JUMP_ANY_BIT, 1, 0, CLONE_THREAD), returned(ERROR | EPERM)]
    return [argument(0), (JUMP_ANY_BIT, 0, 1, CLONE_NAMESPACES), returned(ERROR | EPERM), *forks, returned(ALLOW)]


def unless(index: int, values: Sequence[int], otherwise: Instruction, *, mask: int | None = None) -> list[Instruction]:
    """Go on when the low word of an argument is one of `values`, else return `otherwise`."""
    masked = [] if mask is None else [(AND, 0, 0, mask)]
    tests = [(JUMP_EQUAL, len(values) - position, 0, value) for position, value in enumerate(values)]
    return [argument(index), *masked, *tests, otherwise]


def unless_high(index: int, otherwise: Instruction) -> list[Instruction]:
    """Go on when the high word of an argument is zero."""
    return [(LOAD, 0, 0, FIRST_ARGUMENT_AT + 8 * index + 4), (JUMP_EQUAL, 1, 0, 0), otherwise]


def argument(index: int) -> Instruction:
    """Load the low word of an argument; both processors are little-endian."""
    return (LOAD, 0, 0, FIRST_ARGUMENT_AT + 8 * index)


def returned(action: int) -> Instruction:
    return (RETURN, 0, 0, action)


def search(leaves: Sequence[tuple[int, list[Instruction]]]) -> list[Instruction]:
    """A binary search for the call's number; runs of numbers that are simply allowed are one leaf.

    A short way to each answer matters: the kernel tries every number once when a filter is put in force.
    """
    return tree(runs(leaves))


Run = tuple[int, int, list[Instruction]]


def runs(leaves: Sequence[tuple[int, list[Instruction]]]) -> list[Run]:
    """First number, last number and code of neighbours with the same code."""
    merged: list[Run] = []
    for number, code in leaves:
        if merged and merged[-1][1] == number - 1 and merged[-1][2] == code:
            merged[-1] = (merged[-1][0], number, code)
        else:
            merged.append((number, number, code))
    return merged


def tree(found: Sequence[Run]) -> list[Instruction]:
    if len(found) == 1:
        first, last, code = found[0]
        return [
            (JUMP_GREATER_EQUAL, 0, 1, first),
            (JUMP_GREATER_EQUAL, 0, 1, last + 1),
            returned(ERROR | EPERM),
            *code,
        ]
    middle = len(found) // 2
    lower, upper = tree(found[:middle]), tree(found[middle:])
    return [(JUMP_GREATER_EQUAL, 0, 1, found[middle][0]), (JUMP, 0, 0, len(lower)), *lower, *upper]
