# score: 10
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    computed_field,
    field_validator,
    model_validator,
)
from pydantic.alias_generators import to_camel


class Strict(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        extra="forbid",
        str_strip_whitespace=True,
        frozen=True,
    )


class First(Strict):
    kind: Literal["{{pay.a}}"]


class Second(Strict):
    kind: Literal["{{pay.b}}"]


class {{what.model}}(Strict):
    {{what.ref}}: str
    note: str | None = None
    {{what.from}}: date
    {{what.to}}: date
    {{what.tags}}: list[str]
    {{what.part}}: list[int]
    payment: Annotated[First | Second, Field(discriminator="kind")]

    @field_validator("{{what.tags}}", mode="before")
    @classmethod
    def split(cls, value: object) -> object:
        return value.split(",") if isinstance(value, str) else value

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.{{what.to}} < self.{{what.from}}:
            raise ValueError("{{what.to}} is before {{what.from}}")
        return self

    @computed_field
    @property
    def {{what.sum}}(self) -> int:
        return sum(self.{{what.part}})


FEED = TypeAdapter(list[{{what.model}}])


def normalised(feed: bytes) -> bytes:
    try:
        found = FEED.validate_json(feed)
    except ValidationError as error:
        raise ValueError(str(error.error_count())) from error
    return FEED.dump_json(found, by_alias=True, exclude_none=True)
