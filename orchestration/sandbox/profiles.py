"""What the cells of each kind may see and do: the files of their root, the programs in it, the calls of their kernel.

Not here: starting a zygote with it (zygote), nor what a cell gives up besides (cell.confine).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from orchestration.sandbox.cell import kernel
from orchestration.sandbox.seccomp import Rules, build_filter
from orchestration.sandbox.users import user_of_slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ProfileName = Literal["python", "query", "bash", "node"]
Level = Literal["A", "B"]

PACKAGES: Final[dict[ProfileName, tuple[str, ...]]] = {"python": (), "query": ("duckdb",), "bash": (), "node": ()}
"""Third-party packages that a kind's cells may import; each is bound into its root alone."""

ZONES: Final = Path("/usr/share/zoneinfo")
PLACES: Final = ("/tmp", "/mnt", "/var", "/usr")  # noqa: S108 (covered in the zygote's own view, never written)
USER_INSIDE: Final = 1000

SHELL_PROGRAMS: Final = (
    *("bash", "sh", "awk", "base64", "basename", "bc", "bzip2", "cat", "chmod", "cksum", "cmp", "comm", "cp", "csplit"),
    *("cut", "date", "dd", "diff", "dirname", "du", "echo", "egrep", "env", "expand", "expr", "false", "fgrep", "file"),
    *("find", "fmt", "fold", "gawk", "getopt", "grep", "gunzip", "gzip", "head", "hostname", "id", "install", "join"),
    *("jq", "ln", "ls", "mawk", "md5sum", "mkdir", "mkfifo", "mktemp", "mv", "nl", "nproc", "numfmt", "od", "paste"),
    *(
        "patch",
        "pathchk",
        "pr",
        "printenv",
        "printf",
        "pwd",
        "readlink",
        "realpath",
        "rev",
        "rm",
        "rmdir",
        "sed",
        "seq",
    ),
    *(
        "sha1sum",
        "sha256sum",
        "sha512sum",
        "shuf",
        "sleep",
        "sort",
        "split",
        "stat",
        "sum",
        "tac",
        "tail",
        "tar",
        "tee",
    ),
    *(
        "test",
        "timeout",
        "touch",
        "tr",
        "true",
        "truncate",
        "tsort",
        "uname",
        "unexpand",
        "uniq",
        "wc",
        "which",
        "whoami",
    ),
    *("xargs", "xz", "yes", "zcat", "["),
)
"""What a script may call, as far as the machine has it."""

LINKS_OF_PROGRAMS: Final = (
    ("/bin", "usr/bin"),
    ("/dev/fd", "/proc/self/fd"),
    ("/dev/stdin", "/proc/self/fd/0"),
    ("/dev/stdout", "/proc/self/fd/1"),
    ("/dev/stderr", "/proc/self/fd/2"),
)

UNUSED: Final = {"_tkinter", "nis", "ossaudiodev", "readline"}
"""Extension modules that need a screen, a network, a sound card or a terminal."""

SHARED_OBJECTS: Final = """
import importlib, pathlib, sys
for name in sys.argv[2:]:
    sys.path.append(sys.argv[1])
    try: importlib.import_module(name)
    except ImportError: pass
lines = pathlib.Path("/proc/self/maps").read_text().splitlines()
print(*sorted({line.split(maxsplit=5)[5] for line in lines if ".so" in line}), sep="\\n")
"""

PYTHON_RIGHTS: Final = kernel.READ_FILE | kernel.READ_DIR
SCRATCH_RIGHTS: Final = (1 << 16) - 1
DEVICE_RIGHTS: Final = kernel.READ_FILE | kernel.WRITE_FILE


class MissingProgramError(Exception):
    """The machine lacks the program that a kind of run needs."""


@dataclass(frozen=True, slots=True)
class Layers:
    """Layers of the isolation; only a test of the self-test leaves one out."""

    seccomp: bool = True
    landlock: bool = True
    pid_namespace: bool = True


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of cells at one level. `python` starts the zygote; its standard library is what cells import."""

    name: ProfileName
    level: Level = "A"
    layers: Layers = field(default_factory=Layers)
    python: str = field(default_factory=lambda: sys.executable)

    @property
    def executes(self) -> bool:
        return self.name in {"bash", "node"}

    def config(self, slot: int) -> dict[str, Any]:
        """What the zygote of a slot is told. Raises MissingProgramError."""
        user = user_of_slot(slot)
        is_apart = self.level == "A"
        trees = list(trees_of(self)) if is_apart else []
        return {
            "level": self.level,
            "layers": {
                "seccomp": self.layers.seccomp,
                "landlock": self.layers.landlock,
                "pid_namespace": self.layers.pid_namespace and is_apart,
            },
            "user": user,
            "user_namespace": None if user is not None else (USER_INSIDE, (os.geteuid(), os.getegid())),
            "place": next(place for place in PLACES if Path(place).is_dir()),
            "trees": trees,
            "masks": [str(library() / "site-packages"), str(library() / "dist-packages")],
            "links": list(links_of(self)),
            "has_proc": self.executes and is_apart,
            "packages": list(PACKAGES[self.name]),
            "package_folder": str(package_folder(PACKAGES[self.name])) if PACKAGES[self.name] else None,
            "environment": environment(),
            "landlock_version": kernel.landlock_version(),
            "rights": rights_of(self),
            "seccomp": build_filter(os.uname().machine, Rules(may_fork=is_apart, may_execute=self.executes)),
        }


def environment() -> dict[str, str]:
    """What a cell finds in its environment."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": "/tmp",  # noqa: S108 (inside the cell)
        "TMPDIR": "/tmp",  # noqa: S108
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "MALLOC_ARENA_MAX": "2",
    }


def library() -> Path:
    return Path(sysconfig.get_path("stdlib"))


def package_folder(names: Iterable[str]) -> Path:
    """The one folder in which the allowed packages lie."""
    for name in names:
        spec = find_spec(name)
        if spec and spec.origin:
            return Path(spec.origin).parents[1]
    raise MissingProgramError(f"the package {', '.join(names)} is not installed")


def trees_of(profile: Profile) -> Iterable[tuple[str, str]]:
    """Source and place of everything that is bound read-only into the root."""
    if ZONES.is_dir():
        yield str(ZONES), str(ZONES)
    if profile.executes:
        yield from ((path, path) for path in programs_of(profile.name).libraries)
        yield from programs_of(profile.name).binaries
        return
    yield str(library()), str(library())
    packages = PACKAGES[profile.name]
    yield from ((path, path) for path in shared_objects(profile.python, packages))
    for name in packages:
        path = str(package_folder(packages) / name)
        yield path, path


def links_of(profile: Profile) -> Iterable[tuple[str, str]]:
    """Names that are used for something else, and what they lead to."""
    if profile.executes:
        return LINKS_OF_PROGRAMS
    return [link for path in shared_objects(profile.python, PACKAGES[profile.name]) for link in names_of(path)]


def rights_of(profile: Profile) -> list[tuple[str, int]]:
    """Landlock's rights by path; what is not listed can't be touched, `/sealed` among it."""
    if profile.level == "B":
        folders = [str(library()), "/usr/lib", "/lib", "/lib64", str(ZONES)]
        packages = [str(package_folder(PACKAGES[profile.name]) / name) for name in PACKAGES[profile.name]]
        devices = [("/dev/null", DEVICE_RIGHTS), ("/dev/urandom", kernel.READ_FILE)]
        return [(path, PYTHON_RIGHTS) for path in (*folders, *packages)] + devices
    rights = PYTHON_RIGHTS | (kernel.EXECUTE if profile.executes else 0)
    folders = sorted({f"/{target.split('/')[1]}" for _, target in trees_of(profile)} | {"/etc", "/var"})
    proc = [("/proc", PYTHON_RIGHTS | kernel.WRITE_FILE)] if profile.executes else []
    return [
        *((path, rights) for path in folders),
        ("/dev", DEVICE_RIGHTS | kernel.READ_DIR),
        ("/tmp", SCRATCH_RIGHTS),  # noqa: S108 (inside the cell)
        *proc,
    ]


@cache
def shared_objects(python: str, packages: tuple[str, ...]) -> tuple[str, ...]:
    """The libraries outside the standard library that its extension modules, and the packages, are linked with."""
    extensions = sorted({path.name.partition(".")[0] for path in (library() / "lib-dynload").glob("*.so")} - UNUSED)
    folder = str(package_folder(packages)) if packages else ""
    command = [python, "-I", "-S", "-c", SHARED_OBJECTS, folder, *extensions, *packages]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=True, env={}, timeout=60)
    except (OSError, subprocess.SubprocessError):
        raise MissingProgramError(f"{python} does not run") from None
    inside = (f"{library()}/", *(f"{folder}/{name}" for name in packages))
    return tuple(path for path in said.stdout.split() if not path.startswith(inside))


def names_of(path: str) -> Iterator[tuple[str, str]]:
    """The links by which a library is looked up, and its name: libz.so.1.2.13 is found as libz.so.1."""
    real = Path(path)
    for link in real.parent.glob(f"{real.name.partition('.so')[0]}.so.*"):
        if link.is_symlink() and link.resolve() == real.resolve():
            yield str(link), real.name


@dataclass(frozen=True, slots=True)
class Programs:
    """Programs with the place they take in a root, and the libraries that they are linked with."""

    binaries: tuple[tuple[str, str], ...]
    libraries: tuple[str, ...]

    @property
    def first(self) -> str:
        return self.binaries[0][1]


@cache
def programs_of(name: ProfileName) -> Programs:
    """Raises MissingProgramError when the machine lacks the one that gives the kind its name."""
    wanted = SHELL_PROGRAMS if name == "bash" else (name,)
    found = [(path, f"/usr/bin/{program}") for program in wanted if (path := shutil.which(program))]
    if not found or Path(found[0][1]).name != name:
        raise MissingProgramError(f"{name} is not installed")
    return Programs(tuple(found), linked_libraries([path for path, _ in found]))


def linked_libraries(binaries: list[str]) -> tuple[str, ...]:
    """What the dynamic linker would load for these programs, itself included."""
    said = subprocess.run(["ldd", *binaries], capture_output=True, text=True, check=False).stdout
    words = {word for line in said.splitlines() if not line.endswith(":") for word in line.split()}
    return tuple(sorted(word for word in words if word.startswith("/") and ".so" in word))
