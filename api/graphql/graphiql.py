"""GraphiQL: the page and the files that it loads.

Not here: the answers to what is asked there (questions.py).
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse

from api.errors import NOT_FOUND, ProblemError

PATH = "/graphql"
ASSETS = ("react.production.min.js", "react-dom.production.min.js", "graphiql.min.js", "graphiql.min.css")
"""GraphiQL's files, which Dagster's webserver brings along: nothing is fetched from elsewhere."""
START = """
const root = ReactDOM.createRoot(document.getElementById("graphiql"));
const subscriptionUrl = location.origin.replace(/^http/, "ws") + location.pathname;
const fetcher = GraphiQL.createFetcher({ url: location.pathname, subscriptionUrl });
const defaultQuery = "{\\n  leaderboard(limit: 5) {\\n    meta { as_of simulated }\\n    data { label score_mean " +
  "score_ci95_lower score_ci95_upper }\\n  }\\n}\\n";
root.render(React.createElement(GraphiQL, { fetcher, defaultQuery }));
"""
PAGE = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>GraphiQL</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{PATH}/assets/graphiql.min.css">
<style>body {{ margin: 0 }} #graphiql {{ height: 100vh }}</style>
<div id="graphiql">GraphiQL needs JavaScript, and the package dagster-webserver beside the API.</div>
{"".join(f'<script src="{PATH}/assets/{name}"></script>' for name in (*ASSETS[:3], "start.js"))}
</html>
"""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

assets = APIRouter(prefix=f"{PATH}/assets", include_in_schema=False)


@assets.get("/start.js")
async def get_start() -> HTMLResponse:
    return HTMLResponse(START, media_type="text/javascript", headers={"X-Content-Type-Options": "nosniff"})


@assets.get("/{name}")
async def get_asset(name: str) -> FileResponse:
    file = _asset(name)
    if file is None:
        raise ProblemError(NOT_FOUND)
    return FileResponse(file, headers={"Cache-Control": "max-age=86400", "X-Content-Type-Options": "nosniff"})


def _asset(name: str) -> Path | None:
    if name not in ASSETS:
        return None
    try:
        file = Path(str(distribution("dagster-webserver").locate_file(f"dagster_webserver/graphiql/{name}")))
    except PackageNotFoundError:
        return None
    return file if file.is_file() else None
