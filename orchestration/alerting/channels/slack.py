"""Slack, by an incoming webhook: blocks, and text for notifications.

Not here: where the address may lead (addresses).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from orchestration.alerting.channels.addresses import GONE, post
from orchestration.alerting.event_links import commands_of

if TYPE_CHECKING:
    from orchestration.alerting.wording import Message, Part

_MOST_BLOCKS, _LONGEST_HEADER, _LONGEST_TEXT = 50, 150, 2900
_REVOKED: Final = GONE | {403}


class Slack:
    """`url` is the incoming webhook, which is a secret as a whole."""

    def __init__(self, url: str, *, allows_private: bool) -> None:
        self._url, self._allows_private = url, allows_private

    def send(self, message: Message) -> None:
        body = json.dumps({"text": _escaped(message.title), "blocks": blocks_of(message)}).encode()
        headers = {"Content-Type": "application/json"}
        post(self._url, body, headers, allows_private=self._allows_private, gone=_REVOKED)


def blocks_of(message: Message) -> list[dict[str, Any]]:
    """At most as many as Slack takes; what is left out is counted."""
    blocks = [block for part in message.parts for block in _part(part)]
    if len(blocks) <= _MOST_BLOCKS:
        return blocks
    return [*blocks[: _MOST_BLOCKS - 1], _section(f"{len(message.parts)} alerts in all, not all of them shown")]


def _part(part: Part) -> list[dict[str, Any]]:
    header = {"type": "header", "text": {"type": "plain_text", "text": part.title[:_LONGEST_HEADER]}}
    lines = [f"*{_escaped(heading)}* {_escaped(text)}" for heading, text in part.facts]
    links = [{"type": "button", "text": {"type": "plain_text", "text": label}, "url": url} for label, url in part.links]
    commands = [f"{heading}: `{_escaped(text)}`" for heading, text in commands_of(part.event)]
    blocks = [header, _section("\n".join(lines)[:_LONGEST_TEXT])]
    blocks += [{"type": "actions", "elements": links}] if links else []
    blocks += [{"type": "context", "elements": [{"type": "mrkdwn", "text": "\n".join(commands)}]}] if commands else []
    return blocks


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
