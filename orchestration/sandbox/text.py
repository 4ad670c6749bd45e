"""Makes what a cell printed safe to keep and show: no host paths, no control characters, no undecodable bytes.

Not here: bounding it (confined_process).
"""

from __future__ import annotations

import re
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from orchestration.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

UNSHOWN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def escaped(text: str) -> str:
    """`text` with control characters (but tab and line ends) and lone surrogates as backslash escapes."""
    return UNSHOWN.sub(lambda found: found[0].encode("unicode_escape", "surrogatepass").decode("ascii"), text)


def host_paths() -> dict[str, str]:
    """Paths of this machine that tracebacks name, and the words that stand for them; the longest first."""
    paths = {
        sysconfig.get_path("stdlib"): "<python>",
        sysconfig.get_path("purelib"): "<packages>",
        sys.base_prefix: "<python>",
        sys.prefix: "<python>",
        str(PROJECT_ROOT): "<project>",
        str(Path.home()): "<home>",
    }
    usable = {path: word for path, word in paths.items() if len(Path(path).parts) > 1}
    return dict(sorted(usable.items(), key=lambda item: -len(item[0])))


HOST_PATHS: Final = host_paths()


@dataclass(frozen=True, slots=True)
class Redaction:
    """Takes host paths out of what one cell wrote; its own folder becomes a dot."""

    folder: str

    def text(self, data: bytes) -> str:
        return self.line(data.decode("utf-8", "backslashreplace"))

    def line(self, text: str) -> str:
        text = text.replace(self.folder, ".")
        for path, word in HOST_PATHS.items():
            text = text.replace(path, word)
        return escaped(text)

    def lines(self, texts: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.line(text) for text in texts)
