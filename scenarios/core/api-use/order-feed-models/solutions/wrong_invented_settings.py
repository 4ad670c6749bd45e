# score: 1.3834 - settings, decorators and methods that sound like pydantic's and are none of them
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ModelList, ValidationError, field_validator, model_validator, property_field
from pydantic.aliases import to_camel


class PayA(BaseModel):
    kind: Literal["{{pay.a}}"]


class PayB(BaseModel):
    kind: Literal["{{pay.b}}"]


class {{what.model}}(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, allow_names=True, extra="forbid", strip_strings=True, frozen=True
    )

    {{what.ref}}: str
    note: str | None = None
    {{what.from}}: date
    {{what.to}}: date
    {{what.tags}}: list[str]
    {{what.part}}: list[int]
    payment: Annotated[PayA | PayB, Field(discriminator="kind")]

    @field_validator("{{what.tags}}", mode="before")
    @classmethod
    def split(cls, value):
        return value.split(",") if isinstance(value, str) else value

    @model_validator(mode="after")
    def check(self):
        if self.{{what.to}} < self.{{what.from}}:
            raise ValueError("dates")
        return self

    @property_field
    def {{what.sum}}(self) -> int:
        return sum(self.{{what.part}})


def normalised(feed: bytes) -> bytes:
    adapter = ModelList({{what.model}})
    try:
        found = adapter.load_json(feed)
    except ValidationError as error:
        raise ValueError(str(error.error_count())) from error
    return adapter.dump_json(found, by_alias=True, exclude_none=True)
