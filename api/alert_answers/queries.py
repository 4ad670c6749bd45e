"""The statement that keeps an answer, for the pipeline to take up.

Not here: who may answer (tokens).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from uuid import UUID

    from api.accounts.database import AccountsDatabase

ADD: LiteralString = """
INSERT INTO account.alert_answers AS answers (thread_id, kind, note)
SELECT %(thread_id)s::uuid, %(kind)s, %(note)s::text
WHERE (
    SELECT count(*) FROM account.alert_answers AS earlier WHERE earlier.thread_id = %(thread_id)s::uuid
) < %(most)s
ON CONFLICT DO NOTHING
RETURNING answers.thread_id
"""


async def add_answer(accounts: AccountsDatabase, thread_id: UUID, kind: str, note: str | None, most: int) -> bool:
    """Whether there was room for another answer to this alert."""
    parameters = {"thread_id": thread_id, "kind": kind, "note": note, "most": most}
    return await accounts.fetch_one(ADD, parameters) is not None
