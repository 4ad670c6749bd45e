"""The page behind the links in alerts: it says what would be done, and does it when that is confirmed.

Programs that look at every link in a mail ask for the page and never confirm it, so asking changes nothing.

Not here: what becomes of an answer; the pipeline takes it up within a minute.
"""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.accounts.database import CurrentAccounts  # noqa: TC001 - FastAPI reads the annotations
from api.alert_answers import queries
from api.alert_answers.schemas import LONGEST_NOTE
from api.alert_answers.tokens import AnswerToken, LinkError

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_ANSWERS: Final = 50
"""To one alert, by links."""
LONGEST_BODY: Final = 4096
ANSWERS: Final = {
    "acknowledged": ("Acknowledge", "Somebody looks after it: it is not said again while it is open."),
    "false_alarm": ("False alarm", "It was wrong: it is counted, and not said again while it is open."),
    "muted": ("Mute", "Nobody is told anything more of it, not even that it is over."),
    "note": ("Add a note", "The note is kept with it, and nothing else changes."),
}
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}

router = APIRouter(prefix="/alerts", include_in_schema=False)


@router.get("/{token}")
async def get_alert_answer(token: str, request: Request, answer: str = "acknowledged") -> HTMLResponse:
    """What would be done, with a button for it. Nothing is done."""
    try:
        known = _read(token, request)
    except LinkError as error:
        return _page("No such alert", escape(str(error)), HTTPStatus.NOT_FOUND)
    chosen = answer if answer in ANSWERS else "acknowledged"
    choices = "".join(_choice(name, is_chosen=name == chosen) for name in ANSWERS)
    return _page(
        "Answer an alert",
        f'{escape(known.title)}</p><form method="post">{choices}<p><label>Note <input name="note" maxlength="'
        f'{LONGEST_NOTE}" size="60"></label></p><p><button>Confirm</button></p></form><p>',
    )


@router.post("/{token}")
async def create_alert_answer(token: str, request: Request, accounts: CurrentAccounts) -> HTMLResponse:
    """Keep the answer that the page's form holds."""
    try:
        known = _read(token, request)
    except LinkError as error:
        return _page("No such alert", escape(str(error)), HTTPStatus.NOT_FOUND)
    form = await _form(request)
    answer, note = form.get("answer", ""), form.get("note", "").replace("\x00", "").strip()
    if answer not in ANSWERS or len(note) > LONGEST_NOTE or (answer == "note" and not note):
        return _page("That is no answer", "Go back and choose one; a note must not be empty.", HTTPStatus.BAD_REQUEST)
    if await queries.add_answer(accounts, known.thread_id, answer, note or None, MOST_ANSWERS) is None:
        return _page("Enough was said", "This alert has as many answers as are kept.", HTTPStatus.CONFLICT)
    label, meaning = ANSWERS[answer]
    return _page(f"{label}: done", f"{escape(known.title)}</p><p>{escape(meaning)} It holds within a minute.")


def _read(token: str, request: Request) -> AnswerToken:
    return AnswerToken.read(token, request.app.state.settings.alert_link_secret)


async def _form(request: Request) -> Mapping[str, str]:
    """The fields of a small form; none of a large one."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            return {}
    return {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _choice(name: str, *, is_chosen: bool) -> str:
    label, meaning = ANSWERS[name]
    checked = " checked" if is_chosen else ""
    return (
        f'<p><label><input type="radio" name="answer" value="{name}"{checked}> <b>{escape(label)}</b> '
        f"{escape(meaning)}</label></p>"
    )


def _page(title: str, body: str, status: HTTPStatus = HTTPStatus.OK) -> HTMLResponse:
    return HTMLResponse(
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><h1>{escape(title)}</h1><p>{body}</p></html>",
        status_code=status,
        headers=HEADERS,
    )
