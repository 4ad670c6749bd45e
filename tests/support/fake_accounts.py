"""One account of the API with its keys, subscriptions and notifications, for the tests' own server.

Not here: the server (fake_api).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
KEY = "aibaas_test_key"
PATHS = ("/v1/account", "/v1/alert-subscriptions", "/v1/alert-answers", "/v1/notifications")
MADE_AT = "2026-11-01T08:00:00Z"


@dataclass
class FakeAccount:
    """What the server answers from to the one who sends `KEY`; others are refused."""

    scopes: list[str] = field(default_factory=lambda: ["account", "alerts"])
    keys: list[Json] = field(default_factory=lambda: [_key("own", "laptop"), _key("old", "<b>report</b>")])
    subscriptions: list[Json] = field(default_factory=list)
    notifications: list[Json] = field(default_factory=lambda: [_notification()])
    answers: list[Json] = field(default_factory=list)

    def answer(self, method: str, path: str, key: str, body: Json) -> tuple[int, Json]:
        if key != f"Bearer {KEY}":
            return 401, {"title": "Not signed in", "status": 401, "detail": "The key is not known."}
        *_, last = path.split("/")
        changes = {
            ("POST", "/v1/account/keys"): lambda: self._make_key(body),
            ("POST", "/v1/alert-subscriptions"): lambda: self._subscribe(body),
            ("POST", "/v1/alert-answers"): lambda: self._answer(body),
            ("PUT", "/v1/notifications/read"): self._read,
            ("DELETE", f"/v1/account/keys/{last}"): lambda: self._revoke(last),
            ("DELETE", f"/v1/alert-subscriptions/{last}"): lambda: self._unsubscribe(last),
        }
        if (method, path) in changes:
            return changes[method, path]()
        return 200, self._read_of(path)

    def _read_of(self, path: str) -> Json:
        if path == "/v1/account":
            return {"data": _account(self.scopes)}
        if path == "/v1/account/keys":
            return {"data": self.keys}
        if path == "/v1/alert-subscriptions":
            return {"data": self.subscriptions, "next_cursor": None}
        if path == "/v1/alert-answers":
            return {"data": self.answers}
        unread = sum(each["read_at"] is None for each in self.notifications)
        return {"data": self.notifications, "unread_count": unread, "next_cursor": None}

    def _make_key(self, body: Json) -> tuple[int, Json]:
        made = _key(f"made-{len(self.keys)}", body["name"]) | {"scopes": body["scopes"]}
        self.keys.append(made)
        return 201, {"data": {**made, "api_key": "aibaas_shown_once"}}

    def _subscribe(self, body: Json) -> tuple[int, Json]:
        if len(self.subscriptions) > 1:
            return 409, {"title": "Too many", "status": 409, "detail": "This tier has two subscriptions."}
        self.subscriptions.append(_subscription(body))
        return 201, {"data": {**self.subscriptions[-1], "signing_secret": None}}

    def _answer(self, body: Json) -> tuple[int, Json]:
        if "alerts" not in self.scopes:
            return 403, {"title": "The API key lacks a scope", "status": 403, "detail": "The key has no scope alerts."}
        if body["kind"] != "note" and any(each["kind"] == body["kind"] for each in self.answers):
            return 409, {"title": "It can't be done", "status": 409, "detail": "The account has answered so before."}
        self.answers.append({**body, "given_at": MADE_AT})
        return 201, {"data": self.answers[-1]}

    def _revoke(self, api_key_id: str) -> tuple[int, Json]:
        for key in self.keys:
            if key["api_key_id"] == api_key_id:
                key["revoked_at"] = MADE_AT
        return 200, {}

    def _unsubscribe(self, subscription_id: str) -> tuple[int, Json]:
        self.subscriptions = [each for each in self.subscriptions if each["subscription_id"] != subscription_id]
        return 200, {}

    def _read(self) -> tuple[int, Json]:
        for each in self.notifications:
            each["read_at"] = MADE_AT
        return 200, {}


def _account(scopes: list[str]) -> Json:
    return {
        "account_id": "5f0c3c0e-6f0d-4c39-9b1e-3a2f0f7f7a10",
        "email": "someone@example.org",
        "tier": "pro",
        "created_at": MADE_AT,
        "api_key_id": "own",
        "scopes": scopes,
        "features": ["alerts", "real_time"],
        "history_days": 90,
        "requests_per_hour": 10000,
        "remaining_count": 9987,
        "reset_s": 412,
    }


def _key(api_key_id: str, name: str) -> Json:
    return {
        "api_key_id": api_key_id,
        "name": name,
        "scopes": ["account", "alerts"] if api_key_id == "own" else [],
        "rotated_from": None,
        "created_at": MADE_AT,
        "expires_at": None,
        "last_used_at": MADE_AT if api_key_id == "own" else None,
        "revoked_at": None,
    }


def _subscription(body: Json) -> Json:
    return {
        "topics": ["anomalies"],
        "families": [],
        "providers": [],
        "metrics": [],
        "direction": "worse",
        "value_floor": None,
        "value_ceiling": None,
        "quiet_from": None,
        "quiet_until": None,
        "time_zone": "UTC",
        "is_digest": False,
        "digest_at": "08:00:00",
        "remind_after_hours": None,
        **body,
        "subscription_id": "1d8b2f9e-0c53-4a3e-9a44-0d6f5b8a7c21",
        "destination": {"channel": body["destination"]["channel"], "host": None},
        "status": "active",
        "reason": None,
        "muted_until": None,
        "stopped_at": None,
        "given_up_at": None,
        "failure": None,
        "created_at": MADE_AT,
    }


def _notification() -> Json:
    return {
        "notification_id": "0b7a3f7e-4b0c-4c43-8f57-2f2a64b1f0aa",
        "kind": "alert",
        "subscription_id": "1d8b2f9e-0c53-4a3e-9a44-0d6f5b8a7c21",
        "told_at": "2026-11-23T21:04:12Z",
        "read_at": None,
        "title": "Atlas: quality fell \u22121.30 points (major) [simulated]",
        "parts": [],
    }
