"""What polars 2.1.0 has that the task may need, in our own words: lazy queries over small tables of plain lists."""

import builtins
import csv
import functools
import re
import sys
import types
from datetime import date, datetime

exceptions = sys.modules["polars.exceptions"] = types.ModuleType("polars.exceptions")


class PolarsError(Exception):
    pass


class ColumnNotFoundError(PolarsError):
    pass


class ComputeError(PolarsError):
    pass


class DuplicateError(PolarsError):
    pass


class InvalidOperationError(PolarsError):
    pass


class SchemaError(PolarsError):
    pass


class ShapeError(PolarsError):
    pass


for _kind in (PolarsError, ColumnNotFoundError, ComputeError, DuplicateError, InvalidOperationError, SchemaError, ShapeError):
    setattr(exceptions, _kind.__name__, _kind)


class DataType:
    pass


class String(DataType):
    pass


class Int32(DataType):
    pass


class Int64(DataType):
    pass


class UInt32(DataType):
    pass


class Float64(DataType):
    pass


class Date(DataType):
    pass


Utf8 = String


def _cast(value, kind):
    kind = kind if isinstance(kind, type) else type(kind)
    if value is None or (kind is Date and isinstance(value, date)):
        return value
    reads = {String: str, Int32: int, Int64: int, UInt32: int, Float64: float, Date: date.fromisoformat, str: str, int: int, float: float}
    if kind not in reads:
        raise SchemaError(f"no type: {kind!r}")
    try:
        return reads[kind](value)
    except (TypeError, ValueError):
        raise InvalidOperationError(f"{value!r} is no {kind.__name__}") from None


class _Table(dict):
    """Columns by name, all as long as `height`."""

    def __init__(self, columns, height=None):
        super().__init__(columns)
        self.height = builtins.len(next(iter(self.values()), ())) if height is None else height
        if any(builtins.len(values) != self.height for values in self.values()):
            raise ShapeError("columns differ in length")

    def column(self, name):
        if name not in self:
            raise ColumnNotFoundError(f"unable to find column {name!r}")
        return self[name]

    def taken(self, places):
        return _Table({name: [values[place] for place in places] for name, values in self.items()}, builtins.len(places))


class _Part:
    def __init__(self, name, values, is_one=False):
        self.name, self.values, self.is_one = name, values, is_one

    def spread(self, height):
        return list(self.values) * height if self.is_one else self.values


class Expr:
    def __init__(self, parts):
        self._parts = parts

    def _each(self, change, *, to_one=False):
        """Every value of every column by itself; `to_one`: a column as a whole, to one value."""
        def parts(table):
            return [
                _Part(part.name, [change(part.values)] if to_one else [change(value) for value in part.values], to_one or part.is_one)
                for part in self._parts(table)
            ]

        return Expr(parts)

    def _with(self, other, change, is_swapped=False):
        def parts(table):
            (right,) = _expr(other, is_text_a_column=False)._parts(table)
            found = []
            for left in self._parts(table):
                height = builtins.max(builtins.len(left.values), builtins.len(right.values))
                pairs = zip(*(side.spread(height) if side.is_one else side.values for side in (left, right)), strict=True)
                values = [None if one is None or two is None else change(two, one) if is_swapped else change(one, two) for one, two in pairs]
                found.append(_Part(left.name, values, left.is_one and right.is_one))
            return found

        return Expr(parts)

    def alias(self, name):
        if not isinstance(name, str):
            raise TypeError("a name is a text")
        return Expr(lambda table: [_Part(name, part.values, part.is_one) for part in self._parts(table)])

    def cast(self, dtype, *, strict=True, wrap_numerical=False):
        return self._each(lambda value: _cast(value, dtype))

    def is_not_null(self):
        return self._each(lambda value: value is not None)

    def is_null(self):
        return self._each(lambda value: value is None)

    def is_not_nan(self):
        return self._each(lambda value: None if value is None else value == value)

    def fill_null(self, value=None, strategy=None, limit=None):
        return self._each(lambda found: value if found is None else found)

    def sum(self):
        return self._each(_sum, to_one=True)

    def min(self):
        return self._each(lambda values: builtins.min((value for value in values if value is not None), default=None), to_one=True)

    def max(self):
        return self._each(lambda values: builtins.max((value for value in values if value is not None), default=None), to_one=True)

    def first(self, *, ignore_nulls=False):
        return self._each(lambda values: values[0] if values else None, to_one=True)

    def count(self):
        return self._each(lambda values: builtins.sum(value is not None for value in values), to_one=True)

    def len(self):
        return self._each(builtins.len, to_one=True)

    def n_unique(self):
        return self._each(lambda values: builtins.len(set(values)), to_one=True)

    def unique(self, *, maintain_order=False):
        return Expr(lambda table: [_Part(part.name, list(dict.fromkeys(part.values))) for part in self._parts(table)])

    def drop_nulls(self):
        return Expr(lambda table: [_Part(part.name, [value for value in part.values if value is not None]) for part in self._parts(table)])

    @property
    def str(self):
        return _Texts(self)

    @property
    def dt(self):
        return _Dates(self)

    def __invert__(self):
        return self._each(lambda value: None if value is None else not value)

    def not_(self):
        return ~self

    def __and__(self, other):
        return self._with(other, lambda one, two: one and two)

    def __or__(self, other):
        return self._with(other, lambda one, two: one or two)

    def __eq__(self, other):
        return self._with(other, lambda one, two: one == two)

    def __ne__(self, other):
        return self._with(other, lambda one, two: one != two)

    def __lt__(self, other):
        return self._with(other, lambda one, two: one < two)

    def __le__(self, other):
        return self._with(other, lambda one, two: one <= two)

    def __gt__(self, other):
        return self._with(other, lambda one, two: one > two)

    def __ge__(self, other):
        return self._with(other, lambda one, two: one >= two)

    def __add__(self, other):
        return self._with(other, lambda one, two: one + two)

    def __sub__(self, other):
        return self._with(other, lambda one, two: one - two)

    def __mul__(self, other):
        return self._with(other, lambda one, two: one * two)

    def __bool__(self):
        raise TypeError("the truth value of an Expr is ambiguous")

    __hash__ = None


def _sum(values):
    values = [value for value in values if value is not None]
    if not builtins.all(isinstance(value, int | float) for value in values):
        raise InvalidOperationError("`sum` operation not supported for dtype `str`")
    return builtins.sum(values) if values else 0


def _text(value):
    if value is not None and not isinstance(value, str):
        raise SchemaError(f"expected `String`, got {type(value).__name__}")
    return value


class _Texts:
    def __init__(self, expr):
        self._expr = expr

    def _each(self, change):
        return self._expr._each(lambda value: None if _text(value) is None else change(value))

    def strip_chars(self, characters=None):
        return self._each(lambda value: value.strip(characters))

    def strip_chars_start(self, characters=None):
        return self._each(lambda value: value.lstrip(characters))

    def strip_chars_end(self, characters=None):
        return self._each(lambda value: value.rstrip(characters))

    def to_lowercase(self):
        return self._each(str.lower)

    def to_uppercase(self):
        return self._each(str.upper)

    def to_date(self, format=None, *, strict=True, exact=True, cache=True):
        return self._each(functools.partial(_day, format or "%Y-%m-%d", strict))

    def strptime(self, dtype, format=None, *, strict=True, exact=True, cache=True, ambiguous="raise"):
        if dtype is not Date:
            raise ComputeError(f"the stand-in parses dates only, not {dtype!r}")
        return self.to_date(format, strict=strict)


def _day(form, is_strict, value):
    try:
        return datetime.strptime(value, form).date()
    except (ValueError, re.error):
        if is_strict:
            raise InvalidOperationError(f"conversion from `str` to `date` failed for {value!r}") from None
        return None


class _Dates:
    def __init__(self, expr):
        self._expr = expr

    def _each(self, change):
        def checked(value):
            if value is not None and not isinstance(value, date):
                raise SchemaError(f"expected a date, got {type(value).__name__}")
            return None if value is None else change(value)

        return self._expr._each(checked)

    def truncate(self, every):
        steps = {"1mo": lambda day: day.replace(day=1), "1d": lambda day: day, "1y": lambda day: day.replace(month=1, day=1)}
        if not isinstance(every, str):
            raise TypeError("an interval is a text")
        if every not in steps:
            return self._each(functools.partial(_no_interval, every))
        return self._each(steps[every])

    def month_start(self):
        return self.truncate("1mo")


def _no_interval(every, _):
    raise ComputeError(f"the stand-in does not know the interval {every!r}")


def _expr(value, *, is_text_a_column=True):
    if isinstance(value, Expr):
        return value
    return col(value) if isinstance(value, str) and is_text_a_column else lit(value)


def _exprs(given, named):
    flat = [one for item in given for one in (item if isinstance(item, list | tuple) else [item])]
    return [_expr(one) for one in flat] + [_expr(one).alias(name) for name, one in named.items()]


def _names(given):
    """Names of columns: a text, an expression that is a column, or several of them."""
    if given is None:
        return None
    items = given if isinstance(given, list | tuple) else [given]
    return [item if isinstance(item, str) else _expr(item)._parts(_Every())[0].name for item in items]


class _Every(_Table):
    def __init__(self):
        super().__init__({}, 0)

    def column(self, name):
        return []


class _Column:
    def __call__(self, name, *more):
        names = [*(name if isinstance(name, list | tuple) else [name]), *more]
        if not builtins.all(isinstance(one, str) for one in names):
            raise TypeError("invalid input for `col`")
        if names == ["*"]:
            return all()
        return Expr(lambda table: [_Part(one, table.column(one)) for one in names])

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self(name)


col = _Column()


def lit(value, dtype=None, *, allow_object=False):
    return Expr(lambda table: [_Part("literal", [value], is_one=True)])


def len():
    return Expr(lambda table: [_Part("len", [table.height], is_one=True)])


def sum(*names):
    return col(*names).sum()


def min(*names):
    return col(*names).min()


def max(*names):
    return col(*names).max()


def first(*names):
    return col(*names).first()


def n_unique(*names):
    return col(*names).n_unique()


def all(*names):
    return col(*names) if names else Expr(lambda table: [_Part(name, values) for name, values in table.items()])


class _Verbs:
    def filter(self, *predicates, **constraints):
        tests = _exprs(predicates, {}) + [col(name) == value for name, value in constraints.items()]

        def filtered(table):
            places = range(table.height)
            for test in tests:
                (part,) = test._parts(table)
                kept = part.spread(table.height)
                if any(value is not None and not isinstance(value, bool) for value in kept):
                    raise InvalidOperationError("filter predicate must be of type `Boolean`")
                places = [place for place in places if kept[place]]
            return table.taken(places)

        return self._then(filtered)

    def drop_nulls(self, subset=None):
        names = _names(subset)

        def kept(table):
            wanted = [table.column(name) for name in names or table]
            return table.taken([place for place in range(table.height) if not any(column[place] is None for column in wanted)])

        return self._then(kept)

    def with_row_index(self, name="index", offset=0):
        if not isinstance(name, str) or not isinstance(offset, int):
            raise TypeError("`with_row_index` takes a name and a number")

        def numbered(table):
            if name in table:
                raise DuplicateError(f"column {name!r} is there already")
            return _Table({name: list(range(offset, offset + table.height)), **table}, table.height)

        return self._then(numbered)

    def with_columns(self, *exprs, **named):
        made = _exprs(exprs, named)

        def widened(table):
            return _Table({**table, **_distinct([part for expr in made for part in expr._parts(table)], table.height)}, table.height)

        return self._then(widened)

    def select(self, *exprs, **named):
        made = _exprs(exprs, named)

        def chosen(table):
            parts = [part for expr in made for part in expr._parts(table)]
            height = 1 if not [part for part in parts if not part.is_one] else table.height
            return _Table(_distinct(parts, height))

        return self._then(chosen)

    def drop(self, *columns, strict=True):
        names = [name for item in columns for name in _names(item)]
        return self._then(lambda table: _Table({name: values for name, values in table.items() if name not in names}, table.height))

    def rename(self, mapping, *, strict=True):
        return self._then(lambda table: _Table({mapping.get(name, name): values for name, values in table.items()}, table.height))

    def cast(self, dtypes, *, strict=True):
        return self.with_columns(*[col(name).cast(kind) for name, kind in dtypes.items()])

    def sort(self, by, *more, descending=False, nulls_last=False, maintain_order=False, multithreaded=True):
        names = [*_names(by), *more]

        def sorted_(table):
            keys = [[(value is not None, value) for value in table.column(name)] for name in names]
            places = sorted(range(table.height), key=lambda place: tuple(key[place] for key in keys), reverse=descending)
            return table.taken(places)

        return self._then(sorted_)

    def join(self, other, on=None, how="inner", *, left_on=None, right_on=None, suffix="_right", validate="m:m",
             nulls_equal=False, coalesce=None, maintain_order=None, allow_parallel=True, force_parallel=False):
        if type(other) is not type(self):
            raise TypeError(f"expected `other` join table to be a {type(self).__name__}, not {type(other).__name__}")
        left, right = _names(left_on if on is None else on), _names(right_on if on is None else on)
        if how not in {"inner", "left"} or validate not in {"m:m", "m:1", "1:m", "1:1"}:
            raise ValueError(f"the stand-in does not know how={how!r} with validate={validate!r}")
        if not left or not right:
            raise ValueError("no columns to join on")
        return self._then(lambda table: _joined(table, other._made(), left, right, how, validate, suffix))

    def group_by(self, *by, maintain_order=False, **named):
        if not isinstance(maintain_order, bool):
            raise TypeError("`maintain_order` is true or false")
        return GroupBy(self, _exprs(by, named), maintain_order)

    def unpivot(self, on=None, *, index=None, variable_name=None, value_name=None, streamable=True):
        wanted, kept = _names(on), _names(index) or []

        def turned(table):
            names = [name for name in table if name not in kept] if wanted is None else wanted
            found = {name: table.column(name) * builtins.len(names) for name in kept}
            found[variable_name or "variable"] = [name for name in names for _ in range(table.height)]
            found[value_name or "value"] = [value for name in names for value in table.column(name)]
            return _Table(found)

        return self._then(turned)


def _distinct(parts, height):
    if builtins.len({part.name for part in parts}) != builtins.len(parts):
        raise DuplicateError("two columns have the same name")
    return {part.name: part.spread(height) for part in parts}


def _joined(table, other, left, right, how, validate, suffix):
    keys = list(zip(*(other.column(name) for name in right), strict=True))
    mine = list(zip(*(table.column(name) for name in left), strict=True))
    for rule, found in zip(reversed(validate.split(":")), (keys, mine), strict=True):
        if rule == "1" and builtins.len(set(found)) != builtins.len(found):
            raise ComputeError(f"join keys did not fulfill {validate} validation")
    if {type(v) for key in mine for v in key if v is not None} != {type(v) for key in keys for v in key if v is not None} and keys and mine:
        raise SchemaError("datatypes of join keys don't match")
    places = {}
    for place, key in enumerate(keys):
        if None not in key:
            places.setdefault(key, []).append(place)
    pairs = [(place, match) for place, key in enumerate(mine) for match in places.get(key, [None] if how == "left" else [])]
    found = {name: [values[place] for place, _ in pairs] for name, values in table.items()}
    for name, values in other.items():
        if name not in right:
            found[name + suffix if name in table else name] = [None if match is None else values[match] for _, match in pairs]
    return _Table(found, builtins.len(pairs))


class GroupBy:
    def __init__(self, owner, keys, is_ordered):
        self._owner, self._keys, self._is_ordered = owner, keys, is_ordered

    def agg(self, *aggs, **named):
        made = _exprs(aggs, named)

        def grouped(table):
            keys = [part for expr in self._keys for part in expr._parts(table)]
            places = {}
            for place, key in enumerate(zip(*(part.spread(table.height) for part in keys), strict=True)):
                places.setdefault(key, []).append(place)
            order = list(places) if self._is_ordered else _in_any_order(list(places))
            rows = []
            for key in order:
                group = table.taken(places[key])
                parts = [part for expr in made for part in expr._parts(group)]
                found = {part.name: [part.values[0] if part.is_one else part.values] for part in parts}
                if builtins.len(found) != builtins.len(parts) or found.keys() & {part.name for part in keys}:
                    raise DuplicateError("two columns have the same name")
                rows.append({**{part.name: [value] for part, value in zip(keys, key, strict=True)}, **found})
            names = rows[0] if rows else {}
            return _Table({name: [row[name][0] for row in rows] for name in names})

        return self._owner._then(grouped)

    def len(self, name=None):
        return self.agg(len().alias(name or "len"))


def _in_any_order(keys):
    """Not the one in which they come."""
    return keys[1::2] + keys[::2]


class LazyFrame(_Verbs):
    def __init__(self, data=None, *, _make=None):
        self._make = _make or (lambda: _table_of(data))

    def _made(self):
        return self._make()

    def _then(self, step):
        return LazyFrame(_make=lambda: step(self._make()))

    def lazy(self):
        return self

    def collect(self, *, engine="auto", background=False, optimizations=None, **_):
        return DataFrame(self._make())

    def collect_schema(self):
        return dict.fromkeys(self._make())


def _table_of(data):
    if isinstance(data, _Table):
        return data
    if isinstance(data, list):
        data = {name: [row.get(name) for row in data] for name in dict.fromkeys(name for row in data for name in row)}
    return _Table({name: list(values) for name, values in (data or {}).items()})


class DataFrame(_Verbs):
    def __init__(self, data=None, schema=None, *, schema_overrides=None, strict=True, orient=None, infer_schema_length=100):
        self._table = _table_of(data)

    def _made(self):
        return self._table

    def _then(self, step):
        return DataFrame(step(self._table))

    def lazy(self):
        return LazyFrame(_make=lambda: self._table)

    @property
    def columns(self):
        return list(self._table)

    @property
    def height(self):
        return self._table.height

    def rows(self, *, named=False):
        found = list(zip(*self._table.values(), strict=True))
        return [dict(zip(self._table, row, strict=True)) for row in found] if named else found

    def to_dicts(self):
        return self.rows(named=True)


def scan_csv(source, *, has_header=True, separator=",", comment_prefix=None, quote_char='"', skip_rows=0, schema=None,
             schema_overrides=None, null_values=None, missing_utf8_is_empty_string=False, ignore_errors=False,
             cache=True, infer_schema=True, infer_schema_length=100, n_rows=None, encoding="utf8", low_memory=False,
             rechunk=False, raise_if_empty=True, try_parse_dates=False):
    if not isinstance(separator, str) or builtins.len(separator.encode()) != 1:
        raise TypeError("a separator is one byte")

    def read():
        with open(source, newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file, delimiter=separator)
        columns = {}
        for name, *values in zip(header, *rows, strict=True):
            absent = null_values.get(name, "") if isinstance(null_values, dict) else null_values or ""
            absent = {"", *([absent] if isinstance(absent, str) else absent)}
            found = [None if value in absent else value for value in values]
            columns[name] = _read_as(found, (schema_overrides or {}).get(name), try_parse_dates, infer_schema)
        return _Table(columns, builtins.len(rows))

    return LazyFrame(_make=read)


def _read_as(values, kind, parses_dates, infers):
    if kind is not None:
        return [_cast(value, kind) for value in values]
    forms = [(r"[+-]?\d+", Int64), (r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", Float64)]
    forms += [(r"\d{4}-\d\d-\d\d", Date)] if parses_dates else []
    for form, kind in forms if infers else []:
        if not [value for value in values if value is not None and not re.fullmatch(form, value)]:
            return [_cast(value, kind) for value in values]
    return values


def read_csv(source, **told):
    return scan_csv(source, **told).collect()
