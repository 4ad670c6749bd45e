"""The kernel's calls that Python has no function for, each raising OSError with the step that failed.

Not here: in which order a cell takes them (root, confine).

Sources: man pages of the calls, and linux/landlock.h, linux/mount.h and linux/seccomp.h.
"""

from __future__ import annotations

import ctypes
import os
import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 16384, 1 << 18
MNT_DETACH = 2
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV, MOUNT_ATTR_NOEXEC = 1, 2, 4, 8
AT_FDCWD, AT_EMPTY_PATH, AT_RECURSIVE = -100, 0x1000, 0x8000
OPEN_TREE_CLONE, MOVE_MOUNT_F_EMPTY_PATH = 1, 4

PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 4, 38, 22, 2
CAPABILITY_VERSION_3 = 0x20080522

OPEN_TREE, MOVE_MOUNT, MOUNT_SETATTR = 428, 429, 442
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}

LANDLOCK_RULE_PATH_BENEATH, LANDLOCK_VERSION = 1, 1
ACCESS_BITS_OF_VERSION = (0, 13, 14, 15, 15, 16)
"""How many file-system rights each version of Landlock knows; later versions know as many as the last."""

NETWORK_VERSION, SCOPE_VERSION = 4, 6
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
TCP_RIGHTS, SCOPES = 0b11, 0b11

libc = ctypes.CDLL(None, use_errno=True)


def checked(result: int, step: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{step}: {os.strerror(number)}")
    return result


def system_call(step: str, number: int, *arguments: int | bytes | None) -> int:
    words = [ctypes.c_long(item) if isinstance(item, int) else item for item in arguments]
    return checked(libc.syscall(ctypes.c_long(number), *words), step)


def unshare(flags: int) -> None:
    checked(libc.unshare(flags), "unshare")


def set_namespace(descriptor: int, kind: int) -> None:
    checked(libc.setns(descriptor, kind), "setns")


def set_host_name(name: bytes) -> None:
    checked(libc.sethostname(name, len(name)), "sethostname")


def mount(kind: bytes | None, target: bytes, flags: int, options: bytes | None = None) -> None:
    """Mount a new file system of that kind; without a kind, change how mounts spread."""
    checked(libc.mount(kind, target, kind, ctypes.c_ulong(flags), options), f"mount {os.fsdecode(target)}")


def detach(target: bytes) -> None:
    checked(libc.umount2(target, MNT_DETACH), "umount")


def bind(source: int, target: str, attributes: int) -> None:
    """Put the tree that a descriptor names at `target` as well, with more attributes on every mount of it."""
    flags = OPEN_TREE_CLONE | os.O_CLOEXEC | AT_EMPTY_PATH | AT_RECURSIVE
    tree = system_call(f"bind {target}", OPEN_TREE, source, b"", flags)
    set_attributes(tree, b"", attributes, AT_EMPTY_PATH | AT_RECURSIVE)
    system_call(
        f"bind {target}", MOVE_MOUNT, tree, b"", AT_FDCWD, os.fsencode(target), MOVE_MOUNT_F_EMPTY_PATH
    )  # fmt: skip
    os.close(tree)


def set_attributes(place: int, path: bytes, attributes: int, flags: int = 0) -> None:
    wanted = struct.pack("=QQQQ", attributes, 0, 0, 0)
    system_call("mount_setattr", MOUNT_SETATTR, place, path, flags, wanted, len(wanted))


def pivot_root() -> None:
    """Make the working directory the root and let the old one go."""
    system_call("pivot_root", PIVOT_ROOT[os.uname().machine], b".", b".")
    detach(b".")


def keep_capabilities(mask: int) -> None:
    """Of the capabilities that this process has keep those in `mask` and no others."""
    header = ctypes.create_string_buffer(struct.pack("=Ii", CAPABILITY_VERSION_3, 0))
    held = ctypes.create_string_buffer(24)
    checked(libc.capget(header, held), "capget")
    _, low, _, _, high, _ = struct.unpack("=6I", held.raw)
    low, high = low & mask, high & mask >> 32
    checked(libc.capset(header, struct.pack("=6I", low, low, 0, high, high, 0)), "capset")


def forbid_new_privileges() -> None:
    checked(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")


def be_readable() -> None:
    """Let the user that this process belongs to see in /proc how much memory it has, after a change of users too."""
    checked(libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), "dumpable")


def landlock_version() -> int:
    """0 where the kernel has none."""
    try:
        return system_call("landlock", LANDLOCK_CREATE_RULESET, None, 0, LANDLOCK_VERSION)
    except OSError:
        return 0


def restrict_files(version: int, allowed: Sequence[tuple[str, int]]) -> None:
    """Landlock: of everything that this version can forbid, allow only the rights given beneath the paths given.

    A path that does not exist is passed over. A right that makes no sense for a file is not asked for it.
    """
    every = (1 << ACCESS_BITS_OF_VERSION[min(version, len(ACCESS_BITS_OF_VERSION) - 1)]) - 1
    network = TCP_RIGHTS if version >= NETWORK_VERSION else 0
    scopes = SCOPES if version >= SCOPE_VERSION else 0
    words = [every, network, scopes][: 1 + (version >= NETWORK_VERSION) + (version >= SCOPE_VERSION)]
    attributes = struct.pack(f"={len(words)}Q", *words)
    rules = system_call("landlock", LANDLOCK_CREATE_RULESET, attributes, len(attributes), 0)
    for path, rights in allowed:
        try:
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        rule = struct.pack("=Qi", rights & every, place)
        system_call(f"landlock {path}", LANDLOCK_ADD_RULE, rules, LANDLOCK_RULE_PATH_BENEATH, rule, 0)
        os.close(place)
    system_call("landlock", LANDLOCK_RESTRICT_SELF, rules, 0)
    os.close(rules)


def filter_calls(program: bytes) -> None:
    """Put a seccomp filter in force for this thread and all that it starts."""
    buffer = ctypes.create_string_buffer(program, len(program))
    whole = struct.pack("=HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    checked(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, whole, 0, 0), "seccomp")
