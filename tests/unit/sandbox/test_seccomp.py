"""The filter of a cell, run here by a small machine of its own kind: each call's number and arguments to an action."""

from __future__ import annotations

import struct

import pytest

from orchestration.sandbox.seccomp import (
    ALLOW,
    ARCHITECTURES,
    ENOSYS,
    ENOTTY,
    EPERM,
    ERROR,
    KILL_PROCESS,
    Rules,
    build_filter,
)
from orchestration.sandbox.system_calls import GROUPS, numbers

CELL, PROGRAM, ALONE = Rules(may_fork=True), Rules(may_fork=True, may_execute=True), Rules(may_fork=False)
MACHINES = list(ARCHITECTURES)
DENIED = ERROR | EPERM
DANGEROUS = {
    *("socket", "connect", "bind", "unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "ptrace", "bpf"),
    *("process_vm_readv", "pidfd_open", "perf_event_open", "userfaultfd", "io_uring_setup", "keyctl", "add_key"),
    *("memfd_create", "shmget", "msgget", "semget", "mq_open", "inotify_init1", "fanotify_init", "open_by_handle_at"),
    *("seccomp", "personality", "setresuid", "capset", "execveat"),
}
SIGCHLD, THREAD, NEW_USER = 17, 0x10000, 0x10000000


def action(program: bytes, machine: str, number: int, *arguments: int) -> int:
    """What the kernel would do, by the rules of classic BPF for the few instructions that are used."""
    words = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("=IIQ6Q", number & 0xFFFFFFFF, ARCHITECTURES[machine], 0, *words)
    instructions = list(struct.iter_unpack("=HBBI", program))
    at, accumulator = 0, 0
    while True:
        code, if_true, if_false, operand = instructions[at]
        at += 1
        if code == 0x20:
            (accumulator,) = struct.unpack_from("=I", data, operand)
        elif code == 0x54:
            accumulator &= operand
        elif code == 0x05:
            at += operand
        elif code == 0x06:
            return int(operand)
        else:
            holds = {0x15: accumulator == operand, 0x35: accumulator >= operand, 0x45: bool(accumulator & operand)}[
                code
            ]
            at += if_true if holds else if_false


def number_of(machine: str, name: str) -> int:
    return numbers(machine, *GROUPS)[name]


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("rules", [CELL, PROGRAM, ALONE])
def test_every_unconditional_call_is_allowed_and_no_unlisted_one(machine: str, rules: Rules) -> None:
    program = build_filter(machine, rules)
    plain = set(numbers(machine, *[group for group in GROUPS if group != "conditional"]).values())
    conditional = set(numbers(machine, "conditional").values())
    for number in range(700):
        if number not in conditional:
            assert action(program, machine, number) == (ALLOW if number in plain else DENIED), number


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("clone", (SIGCHLD,), ALLOW),
        ("clone", (THREAD | 0xF00,), ALLOW),
        ("clone", (SIGCHLD | NEW_USER,), DENIED),
        ("clone", (SIGCHLD | 0x20000,), DENIED),
        ("clone3", (), ERROR | ENOSYS),
        ("execve", (), DENIED),
        ("kill", (1, 9), ALLOW),
        ("socketpair", (1, 1), ALLOW),
        ("socketpair", (1, 1 | 0o2000000), ALLOW),
        ("socketpair", (1, 2), DENIED),
        ("socketpair", (2, 1), DENIED),
        ("sendto", (3, 1, 1, 0, 0, 0), ALLOW),
        ("sendto", (3, 1, 1, 0, 0x7F0000000000, 16), DENIED),
        ("sendto", (3, 1, 1, 0, 1, 16), DENIED),
        ("ioctl", (0, 0x5401), ALLOW),
        ("ioctl", (0, 0x5412), ERROR | ENOTTY),
        ("prctl", (15,), ALLOW),
        ("prctl", (22, 2), DENIED),
        ("prctl", (4, 0), DENIED),
        ("prlimit64", (0,), ALLOW),
        ("prlimit64", (4711,), DENIED),
    ],
)
def test_conditional_calls_of_a_cell(machine: str, name: str, arguments: tuple[int, ...], expected: int) -> None:
    assert action(build_filter(machine, CELL), machine, number_of(machine, name), *arguments) == expected


@pytest.mark.parametrize("machine", MACHINES)
def test_only_programs_may_execute_and_only_a_cell_with_its_own_processes_may_fork(machine: str) -> None:
    execute, fork, kill = (number_of(machine, name) for name in ("execve", "clone", "kill"))
    program, alone = build_filter(machine, PROGRAM), build_filter(machine, ALONE)
    assert action(program, machine, execute) == ALLOW
    assert [action(alone, machine, number, SIGCHLD) for number in (execute, fork, kill)] == [DENIED] * 3
    assert action(alone, machine, fork, THREAD | 0xF00) == ALLOW


def test_a_foreign_abi_kills() -> None:
    program = build_filter("x86_64", CELL)
    assert action(program, "aarch64", 0) == KILL_PROCESS
    assert action(program, "x86_64", 0x40000000) == KILL_PROCESS
    assert action(program, "x86_64", 0xFFFFFFFF) == KILL_PROCESS


def test_calls_that_outlive_or_escape_are_in_no_list() -> None:
    assert not DANGEROUS & set(numbers("x86_64", *GROUPS))


def test_an_unknown_processor_is_an_error() -> None:
    with pytest.raises(KeyError):
        build_filter("riscv64", CELL)
