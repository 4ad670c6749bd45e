# score: 1.1957 - validators, the Config class and parsing of version 1
from datetime import date
from typing import List, Optional, Union

from pydantic import BaseModel, Extra, Field, ValidationError, parse_raw_as, root_validator, validator


def to_camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)


class PaymentA(BaseModel):
    kind: str = Field("{{pay.a}}", const=True)


class PaymentB(BaseModel):
    kind: str = Field("{{pay.b}}", const=True)


class {{what.model}}(BaseModel):
    {{what.ref}}: str
    note: Optional[str] = None
    {{what.from}}: date
    {{what.to}}: date
    {{what.tags}}: List[str]
    {{what.part}}: List[int]
    payment: Union[PaymentA, PaymentB]

    class Config:
        alias_generator = to_camel
        allow_population_by_field_name = True
        extra = Extra.forbid
        anystr_strip_whitespace = True
        allow_mutation = False

    @validator("{{what.tags}}", pre=True)
    def split(cls, value):
        return value.split(",") if isinstance(value, str) else value

    @root_validator
    def dates(cls, values):
        if values["{{what.to}}"] < values["{{what.from}}"]:
            raise ValueError("dates")
        return values

    @property
    def {{what.sum}}(self) -> int:
        return sum(self.{{what.part}})


def normalised(feed: bytes) -> bytes:
    try:
        found = parse_raw_as(List[{{what.model}}], feed)
    except ValidationError as error:
        raise ValueError(str(len(error.errors())))
    return b"[" + b",".join(item.json(by_alias=True, exclude_none=True).encode() for item in found) + b"]"
