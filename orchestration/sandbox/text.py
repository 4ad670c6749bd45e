"""Makes what a cell printed safe to keep and show: no host paths, no control characters, no undecodable bytes.

Not here: bounding it (watching).
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
    from collections.abc import Iterable, Mapping

SHORT: Final = 2
"""A path of two parts, such as /usr, is too common to stand for one thing."""

UNSHOWN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def escaped(text: str) -> str:
    """`text` with control characters (but tab and line ends) and lone surrogates as backslash escapes."""
    return UNSHOWN.sub(lambda found: found[0].encode("unicode_escape", "surrogatepass").decode("ascii"), text)


@dataclass(frozen=True, slots=True)
class Redaction:
    """Takes paths of this machine out of a text; the longest first, so that none is left in part."""

    words: Mapping[str, str]

    def text(self, data: bytes) -> str:
        return self.line(data.decode("utf-8", "backslashreplace"))

    def line(self, text: str) -> str:
        for path in sorted(self.words, key=len, reverse=True):
            text = text.replace(path, self.words[path])
        return escaped(text)

    def lines(self, texts: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.line(text) for text in texts)


LIBRARY: Final = {sysconfig.get_path("stdlib"): "<python>"}
OF_CELLS: Final = Redaction(LIBRARY)
"""For what a cell wrote: the standard library is the only place of the host that it can name."""

OF_THE_HOST: Final = Redaction(
    {
        **{path: "<python>" for path in (sys.prefix, sys.base_prefix) if len(Path(path).parts) > SHORT},
        **LIBRARY,
        str(PROJECT_ROOT): "<project>",
        str(Path.home()): "<home>",
    }
)
"""For what our own side says of a failure."""
