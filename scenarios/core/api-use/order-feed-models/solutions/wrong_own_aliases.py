# score: 7.8261 - spells names out with a function of its own, and reads the list through the json module
import json
from datetime import date
from typing import Literal, Union

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, computed_field, field_validator, model_validator


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


class PayA(BaseModel):
    kind: Literal["{{pay.a}}"]


class PayB(BaseModel):
    kind: Literal["{{pay.b}}"]


class {{what.model}}(BaseModel):
    model_config = ConfigDict(
        alias_generator=camel, populate_by_name=True, extra="forbid", str_strip_whitespace=True, frozen=True
    )

    {{what.ref}}: str
    note: str | None = None
    {{what.from}}: date
    {{what.to}}: date
    {{what.tags}}: list[str]
    {{what.part}}: list[int]
    payment: Union[PayA, PayB] = Field(discriminator="kind")

    @field_validator("{{what.tags}}", mode="before")
    @classmethod
    def from_text(cls, value):
        if isinstance(value, str):
            return [item.strip() for item in value.split(",")]
        return value

    @model_validator(mode="after")
    def check_dates(self):
        if self.{{what.to}} < self.{{what.from}}:
            raise ValueError("dates are the wrong way round")
        return self

    @computed_field
    @property
    def {{what.sum}}(self) -> int:
        return sum(self.{{what.part}})


def normalised(feed: bytes) -> bytes:
    adapter = TypeAdapter(list[{{what.model}}])
    try:
        models = adapter.validate_python(json.loads(feed))
    except ValidationError as error:
        raise ValueError(str(error.error_count())) from None
    return adapter.dump_json(models, by_alias=True, exclude_none=True)
