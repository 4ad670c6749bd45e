# score: 3.2919 - a ConfigDict with settings of version 1, and validators without their mode
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, computed_field, field_validator, model_validator
from pydantic.alias_generators import to_camel


class PayA(BaseModel):
    kind: Literal["{{pay.a}}"]


class PayB(BaseModel):
    kind: Literal["{{pay.b}}"]


class {{what.model}}(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel,
        allow_population_by_field_name=True,
        extra="forbid",
        anystr_strip_whitespace=True,
        frozen=True,
    )

    {{what.ref}}: str
    note: str | None = None
    {{what.from}}: date
    {{what.to}}: date
    {{what.tags}}: list[str]
    {{what.part}}: list[int]
    payment: Annotated[PayA | PayB, Field(discriminator="kind")]

    @field_validator("{{what.tags}}", pre=True)
    @classmethod
    def split(cls, value):
        return value.split(",") if isinstance(value, str) else value

    @model_validator
    def check(self):
        if self.{{what.to}} < self.{{what.from}}:
            raise ValueError("dates")
        return self

    @computed_field
    @property
    def {{what.sum}}(self) -> int:
        return sum(self.{{what.part}})


def normalised(feed: bytes) -> bytes:
    adapter = TypeAdapter(list[{{what.model}}])
    try:
        found = adapter.validate_json(feed)
    except ValidationError as error:
        raise ValueError(str(error.error_count())) from error
    return adapter.dump_json(found, by_alias=True, exclude_none=True)
