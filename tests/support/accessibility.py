"""axe-core, fetched from the npm registry for as long as the tests run, and what it finds on a page.

Not here: which pages are looked at.
"""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

PACKAGE = "axe-core@4.14.1"
FETCH_WITHIN_S = 120
WORST = {"serious", "critical"}
WITHOUT_FADING = "[data-stale] { opacity: 1 !important; transition: none !important; }"
"""Streamlit fades what it is about to draw anew; a page that follows by itself may do that at any moment."""


def axe_source(folder: Path) -> str:
    """The script. Skips with a word where npm or its registry can't be had."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is missing: apt-get install -y npm")
    try:
        subprocess.run(
            [npm, "pack", PACKAGE, "--silent", "--cache", folder / "cache"],
            cwd=folder,
            capture_output=True,
            timeout=FETCH_WITHIN_S,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failed:
        pytest.skip(f"npm can't fetch {PACKAGE}: {failed}")
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as packed:
        script = packed.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode()


def serious_findings(page: Page, source: str) -> list[str]:
    """One line per rule that the page breaks seriously, with the first element that does and why.

    Streamlit's own menu of narrow screens, which puts sections between a list and its items, is left out.
    """
    page.add_style_tag(content=WITHOUT_FADING)
    page.evaluate(source)
    result = page.evaluate("() => axe.run({exclude: [['[data-testid=stSidebarNav]']]}, {resultTypes: ['violations']})")
    return [
        f"{found['id']} ({found['impact']}): {found['nodes'][0]['html'][:200]}: {found['nodes'][0]['failureSummary']}"
        for found in result["violations"]
        if found["impact"] in WORST
    ]
