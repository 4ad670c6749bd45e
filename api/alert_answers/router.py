"""The routes by which an account answers anomalies and sees what it answered.

Not here: SQL (queries.py), shapes (schemas.py), the page behind links in alerts (link_page), nor what becomes of an
answer: the pipeline takes it up within a minute, and the next build counts it beside the anomaly.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.accounts.database import CurrentAccounts
from api.accounts.principal import AlertsHolder, CurrentPrincipal, entitled_to
from api.alert_answers import queries
from api.alert_answers.schemas import Answer, AnswerList, AnswersQuery, GivenAnswer, NewAnswer
from api.database import CurrentDatabase
from api.entitlements import refuse_before
from api.errors import CONFLICT, MARTS_UNAVAILABLE, OF_ACCOUNTS, ProblemError, documented, refuse_parameter

MOST_ANSWERS = 10
"""Of an account to one anomaly."""

router = APIRouter(prefix="/v1/alert-answers", tags=["alerts"], responses=documented(*OF_ACCOUNTS))


@router.get("", summary="The account's answers to an anomaly")
async def list_alert_answers(
    query: Annotated[AnswersQuery, Query()], response: Response, holder: AlertsHolder, accounts: CurrentAccounts
) -> AnswerList:
    """Only one's own; how many all have answered stands with the anomaly."""
    response.headers["Cache-Control"] = "no-store"
    rows = await queries.own_answers(accounts, holder.account_id, query.anomaly_id)
    return AnswerList(data=[Answer.model_validate(row) for row in rows])


@router.post(
    "",
    summary="Answer an anomaly",
    status_code=201,
    responses=documented(CONFLICT, MARTS_UNAVAILABLE),
    dependencies=[Depends(entitled_to("alerts"))],
)
async def create_alert_answer(
    wanted: NewAnswer,
    response: Response,
    principal: CurrentPrincipal,
    holder: AlertsHolder,
    accounts: CurrentAccounts,
    database: CurrentDatabase,
) -> GivenAnswer:
    """Acknowledge it, call it a false alarm, or leave a note. The published record counts answers; notes stay unread
    by others. An account acknowledges an anomaly once, and calls it a false alarm once.
    """
    response.headers["Cache-Control"] = "no-store"
    found = await queries.raised_hour(database, wanted.anomaly_id)
    if found is None:
        refuse_parameter("anomaly_id", f"There is no anomaly {wanted.anomaly_id}.", "body")
    refuse_before(principal.tier, found["raised_hour"], "anomaly_id")
    answer = (wanted.anomaly_id, wanted.kind, wanted.note)
    row = await queries.add_answer(accounts, *answer, MOST_ANSWERS, holder.account_id)
    if row is None:
        said = {own["kind"] for own in await queries.own_answers(accounts, holder.account_id, wanted.anomaly_id)}
        raise ProblemError(CONFLICT, _why_not(wanted, said))
    return GivenAnswer(data=Answer.model_validate(row))


def _why_not(wanted: NewAnswer, said: set[str]) -> str:
    if wanted.kind != "note" and wanted.kind in said:
        return f"The account has answered {wanted.kind} to this anomaly before."
    return f"The account has given {MOST_ANSWERS} answers to this anomaly, as many as are kept."
