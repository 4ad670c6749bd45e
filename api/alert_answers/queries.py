"""The statements that keep answers, for the pipeline to take up, and that show an account its own.

Not here: who may answer (tokens, router).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from uuid import UUID

    from api.accounts.database import AccountsDatabase
    from api.database import Database, Row

RAISED_HOUR: LiteralString = """
SELECT anomalies.raised_hour
FROM marts.fct_anomalies AS anomalies
WHERE anomalies.anomaly_id = %(anomaly_id)s
"""

ADD: LiteralString = """
INSERT INTO account.alert_answers AS answers (thread_id, kind, note, account_id)
SELECT %(thread_id)s::uuid, %(kind)s, %(note)s::text, %(account_id)s::uuid
WHERE (
    SELECT count(*) FROM account.alert_answers AS earlier
    WHERE earlier.thread_id = %(thread_id)s::uuid AND earlier.account_id IS NOT DISTINCT FROM %(account_id)s::uuid
) < %(most)s
ON CONFLICT DO NOTHING
RETURNING answers.thread_id AS anomaly_id, answers.kind, answers.note, answers.given_at
"""

OWN: LiteralString = """
SELECT answers.thread_id AS anomaly_id, answers.kind, answers.note, answers.given_at
FROM account.alert_answers AS answers
WHERE answers.account_id = %(account_id)s AND answers.thread_id = %(anomaly_id)s
ORDER BY answers.given_at ASC
"""


async def raised_hour(database: Database, anomaly_id: UUID) -> Row | None:
    """When the anomaly was raised, if there is one."""
    return await database.fetch_one(RAISED_HOUR, {"anomaly_id": anomaly_id})


async def add_answer(
    accounts: AccountsDatabase,
    thread_id: UUID,
    kind: str,
    note: str | None,
    most: int,
    account_id: UUID | None = None,
) -> Row | None:
    """The answer, or None where the account said so already, or has said as much as is kept.

    Without an account it is one by a link; all of those to an alert are counted together.
    """
    answer = {"thread_id": thread_id, "kind": kind, "note": note, "account_id": account_id}
    return await accounts.fetch_one(ADD, answer | {"most": most})


async def own_answers(accounts: AccountsDatabase, account_id: UUID, anomaly_id: UUID) -> list[Row]:
    """What an account answered to an anomaly, the first one first."""
    return await accounts.fetch_all(OWN, {"account_id": account_id, "anomaly_id": anomaly_id})
