"""What pydantic 2.14.3 has that the task may need, in our own words: models, validators, aliases, adapters of types."""

import functools
import inspect
import json as _json
import re
import sys
import types
import typing
from datetime import date, datetime

UNSET = object()
MODES = {"before", "after", "wrap", "plain"}
EXTRAS = {"ignore", "allow", "forbid", None}


class PydanticUserError(TypeError):
    pass


class ValidationError(ValueError):
    def __init__(self, title, found):
        super().__init__(f"{len(found)} validation error(s) for {title}")
        self.title = title
        self._found = found

    def error_count(self):
        return len(self._found)

    def errors(self, *, include_url=True, include_context=True, include_input=True):
        return [dict(error) for error in self._found]


class _Faults(Exception):
    def __init__(self, faults):
        super().__init__()
        self.faults = faults


def _fault(kind, value, *place):
    return _Faults([{"type": kind, "loc": place, "msg": kind, "input": value}])


def _below(place, faults):
    return [{**fault, "loc": (place, *fault["loc"])} for fault in faults]


def ConfigDict(**settings):
    return settings


def _camel(name):
    head, *tail = name.split("_")
    return head + "".join(word[:1].upper() + word[1:] for word in tail)


_generators = sys.modules["pydantic.alias_generators"] = types.ModuleType("pydantic.alias_generators")
_generators.to_camel = _camel
_generators.to_pascal = lambda name: _camel(name)[:1].upper() + _camel(name)[1:]
_generators.to_snake = lambda name: re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
alias_generators = _generators


class AliasGenerator:
    def __init__(self, alias=None, validation_alias=None, serialization_alias=None):
        self.alias = alias
        self.validation_alias = validation_alias
        self.serialization_alias = serialization_alias


class Discriminator:
    def __init__(self, discriminator):
        self.discriminator = discriminator


class BeforeValidator:
    def __init__(self, func):
        self.func = func


class AfterValidator(BeforeValidator):
    pass


class FieldInfo:
    def __init__(self, default=UNSET, **told):
        if told.keys() & {"const", "regex", "min_items", "max_items"}:
            raise PydanticUserError(f"removed: {', '.join(told)}")
        self.default = UNSET if default is ... else default
        self.told = told

    @property
    def is_required(self):
        return self.default is UNSET and "default_factory" not in self.told

    def given(self):
        return self.told["default_factory"]() if "default_factory" in self.told else self.default


def Field(default=UNSET, **told):
    return FieldInfo(default, **told)


class _Decorated:
    def __init__(self, function, kind, mode, fields=()):
        if mode not in (MODES if kind == "field" else MODES - {"plain"}):
            raise PydanticUserError(f"no mode: {mode!r}")
        self.function, self.kind, self.mode, self.fields = function, kind, mode, fields

    def __get__(self, instance, owner=None):
        return self.bound(owner, instance)

    def bound(self, owner, instance=None):
        if isinstance(self.function, classmethod | staticmethod):
            return self.function.__get__(instance, owner)
        return functools.partial(self.function, owner if instance is None else instance)

    def call(self, owner, value, *more):
        function = self.bound(owner)
        places = [one for one in inspect.signature(function).parameters.values() if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
        return function(value, *more, *([None] * (len(places) - 1 - len(more))))


def field_validator(field, /, *fields, mode="after", check_fields=None, json_schema_input_type=None):
    names = (field, *fields)
    if not all(isinstance(name, str) for name in names):
        raise PydanticUserError("`@field_validator` fields should be passed as separate string args.")
    return lambda function: _Decorated(function, "field", mode, names)


def model_validator(*, mode):
    return lambda function: _Decorated(function, "model", mode)


class _Computed:
    def __init__(self, function, alias):
        self.value = function if isinstance(function, property | functools.cached_property) else property(function)
        self.alias = alias

    def __set_name__(self, owner, name):
        if isinstance(self.value, functools.cached_property):
            self.value.__set_name__(owner, name)

    def __get__(self, instance, owner=None):
        return self if instance is None else self.value.__get__(instance, owner)


def computed_field(function=None, /, *, alias=None, **told):
    return _Computed(function, alias) if function is not None else lambda given: _Computed(given, alias)


def _guarded(call, *args):
    """The value, or a fault where a validator says that its own is wrong."""
    try:
        return call(*args)
    except (ValueError, AssertionError) as error:
        if isinstance(error, ValidationError):
            raise _Faults(error._found) from None
        raise _fault(f"value_error: {error}", None) from None


class BaseModel:
    model_config = {}
    model_fields = {}
    _checks = ()
    _computed = {}

    def __init_subclass__(cls, **settings):
        frame = sys._getframe(1)
        inherited = {}
        for base in reversed(cls.__mro__[1:]):
            inherited.update(getattr(base, "model_config", {}))
        cls.model_config = {**inherited, **cls.__dict__.get("model_config", {}), **settings}
        if cls.model_config.get("extra") not in EXTRAS:
            raise PydanticUserError(f"no such extra: {cls.model_config['extra']!r}")
        if cls.model_config.get("validate_by_alias") is False and not cls.model_config.get("validate_by_name"):
            raise PydanticUserError("validate_by_alias and validate_by_name can't both be False")
        cls.model_fields = {**cls.__base__.__dict__.get("model_fields", {}), **_fields_of(cls, frame)}
        cls._computed = {**cls.__base__._computed, **{name: one for name, one in vars(cls).items() if isinstance(one, _Computed)}}
        own = {name: one for name, one in vars(cls).items() if isinstance(one, _Decorated)}
        cls._checks = tuple([one for one in cls.__base__._checks if one[0] not in vars(cls)] + list(own.items()))
        unknown = {name for one in own.values() for name in one.fields} - {"*"} - cls.model_fields.keys()
        if unknown:
            raise PydanticUserError(f"decorators of fields that are not there: {sorted(unknown)}")

    def __init__(self, /, **data):
        try:
            made = type(self)._made(data, self)
        except _Faults as error:
            raise ValidationError(type(self).__name__, error.faults) from None
        if made is not self:
            self.__dict__.update(made.__dict__)

    @classmethod
    def _made(cls, data, instance=None):
        checks = [one for _, one in cls._checks if one.kind == "model"]
        for check in reversed([one for one in checks if one.mode == "before"]):
            data = _guarded(check.call, cls, data)
        if isinstance(data, cls):
            return data
        if not isinstance(data, dict):
            raise _fault("model_type", data)

        def filled(given):
            made = cls.__new__(cls) if instance is None else instance
            made.__dict__.update(cls._values(given))
            return made

        make = filled
        for check in [one for one in checks if one.mode == "wrap"]:
            make = functools.partial(lambda one, inner, given: _guarded(one.call, cls, given, inner), check, make)
        made = make(data)
        for check in [one for one in checks if one.mode == "after"]:
            is_bound = isinstance(check.function, classmethod | staticmethod)
            made = _guarded(check.call, cls, made) if is_bound else _guarded(*_after(check, made))
        return made

    @classmethod
    def _values(cls, data):
        rest, values, faults = dict(data), {}, []
        for name, field in cls.model_fields.items():
            found = next((key for key in cls._keys(name, field) if key in rest), None)
            if found is None:
                if field.is_required:
                    faults += _fault("missing", data, cls._keys(name, field)[0]).faults
                else:
                    values[name] = field.given()
                continue
            try:
                values[name] = cls._value(name, field, rest.pop(found))
            except _Faults as error:
                faults += _below(found, error.faults)
        extra = cls.model_config.get("extra")
        if extra == "forbid":
            faults += [fault for key in rest for fault in _fault("extra_forbidden", rest[key], key).faults]
        if faults:
            raise _Faults(faults)
        return {**values, **(rest if extra == "allow" else {})}

    @classmethod
    def _keys(cls, name, field):
        alias = field.told.get("validation_alias") or field.told.get("alias") or _generated(cls, name, "validation_alias")
        by_name = cls.model_config.get("validate_by_name") or cls.model_config.get("populate_by_name")
        by_alias = cls.model_config.get("validate_by_alias", True) is not False
        return [key for key, holds in ((alias or name, by_alias or alias is None), (name, by_name)) if holds]

    @classmethod
    def _value(cls, name, field, value):
        checks = [one for _, one in cls._checks if one.kind == "field" and (name in one.fields or "*" in one.fields)]
        for check in reversed([one for one in checks if one.mode == "before"]):
            value = _guarded(check.call, cls, value)
        read = functools.partial(_valid, field.kind, config=cls.model_config, told=field.told)
        for check in [one for one in checks if one.mode == "wrap"]:
            read = functools.partial(lambda one, inner, given: _guarded(one.call, cls, given, inner), check, read)
        plain = next((one for one in reversed(checks) if one.mode == "plain"), None)
        value = _guarded(plain.call, cls, value) if plain else read(value)
        for check in [one for one in checks if one.mode == "after"]:
            value = _guarded(check.call, cls, value)
        return value

    def __setattr__(self, name, value):
        if self.model_config.get("frozen"):
            raise ValidationError(type(self).__name__, _fault("frozen_instance", value, name).faults)
        if name not in self.model_fields and self.model_config.get("extra") != "allow":
            raise ValueError(f"{type(self).__name__!r} object has no field {name!r}")
        self.__dict__[name] = value

    def __delattr__(self, name):
        self.__setattr__(name, None)

    def __eq__(self, other):
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self):
        return hash(tuple(map(str, self.__dict__.values())))

    @classmethod
    def model_validate(cls, obj, **told):
        return TypeAdapter(cls).validate_python(obj, **told)

    @classmethod
    def model_validate_json(cls, json_data, **told):
        return TypeAdapter(cls).validate_json(json_data, **told)

    def model_dump(self, *, mode="python", by_alias=None, exclude_none=False, **told):
        return _plain(self, by_alias, exclude_none, is_json=mode == "json")

    def model_dump_json(self, *, indent=None, by_alias=None, exclude_none=False, **told):
        return _text(_plain(self, by_alias, exclude_none), indent)


def _after(check, made):
    places = len(inspect.signature(check.function).parameters)
    return check.function, made, *([None] * (places - 1))


def _generated(cls, name, purpose):
    make = cls.model_config.get("alias_generator")
    if isinstance(make, AliasGenerator):
        make = getattr(make, purpose) or make.alias
    return make(name) if make else None


def _fields_of(cls, frame):
    """The fields that the body of a class annotates."""
    holder = type("holder", (), {"__annotations__": cls.__dict__.get("__annotations__", {})})
    hints = typing.get_type_hints(holder, frame.f_globals, dict(frame.f_locals), include_extras=True)
    fields = {}
    for name, kind in hints.items():
        if name == "model_config" or name.startswith("_") or typing.get_origin(kind) is typing.ClassVar:
            continue
        default = cls.__dict__.get(name, UNSET)
        field = FieldInfo(default.default, **default.told) if isinstance(default, FieldInfo) else FieldInfo(default)
        for more in getattr(kind, "__metadata__", ()):
            if isinstance(more, FieldInfo):
                field = FieldInfo(more.default if field.default is UNSET else field.default, **{**more.told, **field.told})
        field.kind = kind
        fields[name] = field
        if name in cls.__dict__:
            delattr(cls, name)
    return fields


def _valid(kind, value, config=types.MappingProxyType({}), told=types.MappingProxyType({})):
    if isinstance(kind, typing.TypeVar) or kind in (typing.Any, object):
        return value
    if hasattr(kind, "__metadata__"):
        return _annotated(kind, value, config, told)
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _union(typing.get_args(kind), value, config, told)
    if origin is typing.Literal:
        if not any(type(one) is type(value) and one == value for one in typing.get_args(kind)):
            raise _fault("literal_error", value)
        return value
    if kind is list or origin is list:
        return _list(value, *(typing.get_args(kind) or (typing.Any,)), config)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind._made(value)
    read = SCALARS.get(kind)
    if read is None:
        raise PydanticUserError(f"the stand-in can't read {kind!r}")
    return read(value, config)


def _annotated(kind, value, config, told):
    more = kind.__metadata__
    for one in more:
        told = {**told, **(one.told if isinstance(one, FieldInfo) else {})}
        told = {**told, "discriminator": one} if isinstance(one, Discriminator) else told
        if type(one) is BeforeValidator:
            value = _guarded(one.func, value)
    value = _valid(kind.__origin__, value, config, told)
    for one in more:
        if type(one) is AfterValidator:
            value = _guarded(one.func, value)
    return value


def _union(kinds, value, config, told):
    if value is None and type(None) in kinds:
        return None
    kinds = [kind for kind in kinds if kind is not type(None)]
    key = told.get("discriminator")
    if key is not None:
        return _told_apart(kinds, getattr(key, "discriminator", key), value, config)
    faults = []
    for kind in kinds:
        try:
            return _valid(kind, value, config)
        except _Faults as error:
            faults += error.faults
    raise _Faults(faults)


def _told_apart(kinds, key, value, config):
    if isinstance(value, BaseModel):
        value = value.__dict__
    if callable(key):
        tag = key(value)
    elif not isinstance(value, dict):
        raise _fault("model_attributes_type", value)
    elif key not in value:
        raise _fault("union_tag_not_found", value)
    else:
        tag = value[key]
    for kind in kinds:
        if key not in kind.model_fields:
            raise PydanticUserError(f"{kind.__name__} needs a field {key!r}")
        if tag in typing.get_args(kind.model_fields[key].kind):
            return _valid(kind, value, config)
    raise _fault("union_tag_invalid", value)


def _list(value, kind, config):
    if not isinstance(value, list | tuple | set):
        raise _fault("list_type", value)
    found, faults = [], []
    for index, item in enumerate(value):
        try:
            found.append(_valid(kind, item, config))
        except _Faults as error:
            faults += _below(index, error.faults)
    if faults:
        raise _Faults(faults)
    return found


def _string(value, config):
    if not isinstance(value, str):
        raise _fault("string_type", value)
    return value.strip() if config.get("str_strip_whitespace") else value


def _integer(value, config):
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d+(_\d+)*(\.0*)?\s*", value):
        return int(value.strip().partition(".")[0])
    raise _fault("int_type", value)


def _date(value, config):
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d([T ]00:00(:00)?Z?)?", value.strip()):
        try:
            return date.fromisoformat(value.strip()[:10])
        except ValueError:
            pass
    raise _fault("date_parsing", value)


def _nothing(value, config):
    if value is not None:
        raise _fault("none_required", value)


SCALARS = {str: _string, int: _integer, date: _date, None: _nothing, type(None): _nothing}


def _plain(value, by_alias, exclude_none, *, is_json=True):
    if isinstance(value, list | tuple):
        return [_plain(item, by_alias, exclude_none, is_json=is_json) for item in value]
    if isinstance(value, date):
        return value.isoformat() if is_json else value
    if not isinstance(value, BaseModel):
        return value
    cls = type(value)
    wants_alias = cls.model_config.get("serialize_by_alias", False) if by_alias is None else by_alias
    found = {}
    for name in [*cls.model_fields, *cls._computed]:
        item = getattr(value, name)
        if item is None and exclude_none:
            continue
        told = cls.model_fields[name].told if name in cls.model_fields else {"alias": cls._computed[name].alias}
        alias = told.get("serialization_alias") or told.get("alias") or _generated(cls, name, "serialization_alias")
        found[(wants_alias and alias) or name] = _plain(item, by_alias, exclude_none, is_json=is_json)
    return found


def _text(value, indent=None):
    separators = (",", ":") if indent is None else (",", ": ")
    return _json.dumps(value, indent=indent, separators=separators, ensure_ascii=False)


class TypeAdapter:
    def __init__(self, type, *, config=None, module=None):
        self._kind = type
        self._config = config or {}

    def validate_python(self, object, /, *, strict=None, extra=None, from_attributes=None, context=None, by_alias=None, by_name=None):
        try:
            return _valid(self._kind, object, self._config)
        except _Faults as error:
            raise ValidationError(str(self._kind), error.faults) from None

    def validate_json(self, data, /, *, strict=None, extra=None, context=None, by_alias=None, by_name=None):
        if not isinstance(data, str | bytes | bytearray):
            raise ValidationError(str(self._kind), _fault("json_type", data).faults)
        try:
            found = _json.loads(data)
        except ValueError:
            raise ValidationError(str(self._kind), _fault("json_invalid", data).faults) from None
        return self.validate_python(found)

    def dump_python(self, instance, /, *, mode="python", by_alias=None, exclude_none=False, **told):
        return _plain(instance, by_alias, exclude_none, is_json=mode == "json")

    def dump_json(self, instance, /, *, indent=None, by_alias=None, exclude_none=False, **told):
        return _text(_plain(instance, by_alias, exclude_none), indent).encode()
