"""The shape of an account's answers to anomalies.

Not here: the forms behind links in alerts (link_page).
"""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

LONGEST_NOTE = 500

Kind = Literal["acknowledged", "false_alarm", "note"]
Note = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NOTE, pattern=r"^[^\x00]*$")
]

WANTED_EXAMPLE: dict[str, Any] = {
    "anomaly_id": "0d6c0c5e-9f0a-5d9c-8b5c-2f6f2f9a7b11",
    "kind": "false_alarm",
    "note": "The host moved that night.",
}
EXAMPLE: dict[str, Any] = {**WANTED_EXAMPLE, "given_at": "2026-11-23T21:04:12Z"}


class NewAnswer(BaseModel):
    """What an account says to an anomaly."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [WANTED_EXAMPLE]})

    anomaly_id: UUID
    kind: Kind = Field(
        description="`acknowledged`: somebody looks after it; `false_alarm`: it was wrong; `note`: the note alone. "
        "After the first two it is not said again while it is open."
    )
    note: Note | None = None

    @model_validator(mode="after")
    def note_is_one(self) -> Self:
        if self.kind == "note" and self.note is None:
            raise ValueError("a note needs its words in `note`")
        return self


class AnswersQuery(BaseModel):
    """To which anomaly."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    anomaly_id: Annotated[UUID, Field(description="The anomaly's id, as /v1/anomalies lists it.")]


class Answer(BaseModel):
    """An answer of the account's own."""

    anomaly_id: UUID
    kind: Kind
    note: str | None
    given_at: AwareDatetime


class AnswerList(BaseModel):
    """The account's own answers to an anomaly, the first one first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"data": [EXAMPLE]}]})

    data: list[Answer]


class GivenAnswer(BaseModel):
    """The answer as it is kept."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"data": EXAMPLE}]})

    data: Answer
