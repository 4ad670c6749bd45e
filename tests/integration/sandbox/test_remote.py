"""Tests and the code that they judge in two processes, hostile ones included."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import Any

import pytest

from orchestration.settings import PROJECT_ROOT

JAVASCRIPT = PROJECT_ROOT / "orchestration" / "sandbox" / "cell" / "javascript_remote.js"
WAIT_S = 30
HANG_S = 3

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")

CANDIDATE = """
import json, sys
from orchestration.sandbox.cell import remote
job = json.load(sys.stdin)
namespace = {"__name__": "answer"}
try:
    exec(compile(job["code"], "answer.py", "exec"), namespace)
except BaseException as error:
    remote.refuse([type(error).__name__], str(error), job["write_fd"])
else:
    remote.serve(namespace, job["read_fd"], job["write_fd"])
"""
TESTS = """
import json, sys
from orchestration.sandbox.cell import remote
job = json.load(sys.stdin)
main = sys.modules["__main__"].__dict__
main.update(remote.connect(job["read_fd"], job["write_fd"], entries=job["entries"]))
exec(compile(job["code"], "tests.py", "exec"), main)
remote.ensure_unbroken()
"""
HOSTILE = """
import json, os, struct, sys
job = json.load(sys.stdin)
def send(*message):
    body = json.dumps(list(message)).encode()
    os.write(job["write_fd"], struct.pack(">I", len(body)) + body)
def receive():
    size, = struct.unpack(">I", os.read(job["read_fd"], 4))
    return json.loads(os.read(job["read_fd"], size))
def offer():
    send("offer", [["f", ["o", 1, 2, None]]])
    number = receive()[1]
    send("return", number, ["t", ["function", ["t", []], ["t", ["__call__"]], "", False]], [], "", [])
    return receive()
exec(job["code"])
import time
time.sleep(0.2)
"""


@dataclass(frozen=True, slots=True)
class End:
    """How the process of the tests has ended."""

    exit_code: int
    stderr: str

    @property
    def is_passed(self) -> bool:
        return self.exit_code == 0


def run_both(
    candidate: list[str], tests: list[str], jobs: tuple[dict[str, Any], dict[str, Any]], wait_s: float = WAIT_S
) -> End:
    """Start both ends over two pipes and wait for the tests; `-6` stands for a hang."""
    pipes = *os.pipe(), *os.pipe()
    ends = ((candidate, pipes[0], pipes[3], jobs[0]), (tests, pipes[2], pipes[1], jobs[1]))
    processes = [start(command, read_fd, write_fd, job) for command, read_fd, write_fd, job in ends]
    for descriptor in pipes:
        os.close(descriptor)
    try:
        _, stderr = processes[1].communicate(timeout=wait_s)
        return End(processes[1].returncode, stderr)
    except subprocess.TimeoutExpired:
        return End(-6, "hangs")
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def start(command: list[str], read_fd: int, write_fd: int, job: dict[str, Any]) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT_ROOT)}
    with tempfile.TemporaryFile("w+") as stdin:
        json.dump({**job, "read_fd": read_fd, "write_fd": write_fd}, stdin)
        stdin.seek(0)
        if command[0] == "node":
            command = [*command, str(read_fd), str(write_fd)]
        return subprocess.Popen(
            command,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(read_fd, write_fd),
            env=environment,
            text=True,
        )


def judge(code: str, tests: str, *, entries: tuple[str, ...] = (), program: str = CANDIDATE) -> End:
    python = [sys.executable, "-c"]
    return run_both([*python, program], [*python, TESTS], ({"code": code}, {"code": tests, "entries": entries}))


def judge_javascript(code: str, tests: str, before: str = "", wait_s: float = WAIT_S) -> End:
    job = {"before": before, "code": code, "after": tests}
    node = ["node", str(JAVASCRIPT)]
    return run_both([*node, "candidate"], [*node, "tests"], (job, job), wait_s)


def assert_holds(code: str, tests: str, **options: Any) -> None:
    end = judge(code, tests, **options)
    assert end.is_passed, end.stderr


def test_a_test_that_holds_passes_and_one_that_does_not_fails() -> None:
    assert_holds("def f(x): return x + 1", "assert f(1) == 2")
    end = judge("def f(x): return x + 2", "assert f(1) == 2")
    assert end.exit_code == 1
    assert "AssertionError" in end.stderr


def test_code_that_does_not_load_fails_and_says_why() -> None:
    for code in ("def f(:", "raise LookupError('gone')", "import sys; sys.exit(0)", "import os; os._exit(0)"):
        assert not judge(code, "pass").is_passed
    assert "LookupError: gone" in judge("raise LookupError('gone')", "pass").stderr


VALUES = """[None, True, 1, 2**70, -1.5, "a\\ud800", b"b", (1, (2,)), {1, 2}, frozenset({3}), {"a": [1], 2: None}, 1j,
    ..., range(3), bytearray(b"x"), date(2020, 1, 2), datetime(2020, 1, 2, 3), timedelta(1, 2, 3),
    Decimal("1.10"), Fraction(1, 3), Counter("aab"), deque([1, 2], maxlen=2), OrderedDict(a=1),
    defaultdict(list, a=[1])]"""
IMPORTS = """
from collections import Counter, OrderedDict, defaultdict, deque
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
"""


def test_builtins_cross_by_value_with_their_exact_type() -> None:
    code = f"{IMPORTS}\ndef values(): return {VALUES}\ndef is_same(it): return repr(it) == repr({VALUES})"
    tests = f"""{IMPORTS}
expected = {VALUES}
assert values() == expected
assert [type(value) for value in values()] == [type(value) for value in expected]
assert repr(values()) == repr(expected)
assert is_same(expected) is True
"""
    assert_holds(code, tests)


def test_values_of_subclasses_hold_in_ordinary_asserts() -> None:
    code = """
import enum
from collections import namedtuple
Point = namedtuple("Point", "x y")
class Level(enum.IntEnum):
    LOW = 1
class Colour(enum.Enum):
    RED = 1
    BLUE = 2
class Items(list): pass
def items(): return Items([1, 2])
"""
    tests = """
point = Point(1, 2)
assert point == (1, 2) and point.x == 1 and isinstance(point, tuple) and isinstance(point, Point)
assert point._asdict() == {"x": 1, "y": 2}
assert Level.LOW == 1 and isinstance(Level.LOW, int) and Level.LOW is Level(1)
assert Colour.RED is Colour(1) is Colour["RED"] and Colour.RED != Colour.BLUE and Colour.RED != 1
assert list(Colour) == [Colour.RED, Colour.BLUE] and len(Colour) == 2 and Colour.RED.value == 1
assert items() == [1, 2] and items() != [1] and not items() == [2, 1] and 2 in items() and 3 not in items()
"""
    assert_holds(code, tests)


VECTOR = """
class Vector:
    def __init__(self, x, y): self.x, self.y = x, y
    def __mul__(self, factor): return Vector(self.x * factor, self.y * factor)
    __rmul__ = __mul__
    def __add__(self, other): return Vector(self.x + other.x, self.y + other.y)
    def __eq__(self, other): return (self.x, self.y) == (other.x, other.y)
    def __lt__(self, other): return self.x < other.x
    def __abs__(self): return 5.0
    def __len__(self): return 2
    def __bool__(self): return self.x != 0
    def __iter__(self): return iter((self.x, self.y))
    def __getitem__(self, index): return (self.x, self.y)[index]
    def __setitem__(self, index, value): self.x = value
    def __repr__(self): return f"Vector({self.x}, {self.y})"
    def __enter__(self): return self
    def __exit__(self, kind, *rest): self.kind = kind; return kind is ValueError
"""


def test_a_proxy_behaves_as_its_object() -> None:
    tests = """
vector = Vector(1, 2)
assert vector * 3 == Vector(3, 6) and (2 * vector).y == 4 and vector + vector == Vector(2, 4)
assert vector < Vector(2, 0) and vector != Vector(1, 3) and abs(vector) == 5.0 and len(vector) == 2
assert list(vector) == [1, 2] and vector[1] == 2 and vector[:1] == (1,) and 2 in vector and 7 not in vector
assert repr(vector) == "Vector(1, 2)" and vector and not Vector(0, 1)
vector[0] = 8
assert vector.x == 8 and isinstance(vector, Vector) and type(vector) is Vector and not isinstance(vector, int)
with vector as same:
    assert same is vector
with vector:
    raise ValueError
assert vector.kind is ValueError
vector.name = "v"
assert vector.name == "v" and not hasattr(vector, "missing")
del vector.name
assert not hasattr(vector, "name")
try:
    hash(vector)
except TypeError:
    pass
else:
    raise AssertionError
"""
    assert_holds(VECTOR, tests)


def test_offered_classes_keep_their_family() -> None:
    code = """
from dataclasses import dataclass
class Animal:
    kind = "animal"
    def speak(self): raise LookupError
    @classmethod
    def make(cls): return cls()
    @staticmethod
    def add(a, b): return a + b
class Dog(Animal):
    def speak(self): return "woof"
@dataclass
class Item:
    name: str
    prices: list
    def total(self): return sum(self.prices)
_hidden = 1
def make(): return Dog()
"""
    tests = """
assert isinstance(make(), Dog) and isinstance(Dog(), Animal) and issubclass(Dog, Animal)
assert isinstance(Dog.make(), Dog) and Animal.add(1, 2) == 3 and Dog.kind == "animal" and Dog().speak() == "woof"
item = Item("a", prices=[1, 2])
assert item == Item("a", [1, 2]) and item.total() == 3 and repr(item) == "Item(name='a', prices=[1, 2])"
assert "_hidden" not in globals()
try:
    Animal().speak()
except LookupError:
    pass
else:
    raise AssertionError
try:
    class Cat(Animal): pass
except TypeError:
    pass
else:
    raise AssertionError
"""
    assert_holds(code, tests)


ALWAYS = """
class Always:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __gt__ = __le__ = __ge__ = __contains__ = __lt__
    def __sub__(self, other): return 0
    __rsub__ = __add__ = __radd__ = __sub__
    def __abs__(self): return 0
    def __round__(self, digits=0): return 0
    def __hash__(self): return hash(42)
class Chain(Always):
    def __sub__(self, other): return self
    __rsub__ = __add__ = __radd__ = __sub__
    def __int__(self): return 0
    def __bool__(self): return False
    def __float__(self): return 0.0
def f(): return Always()
def g(): return Chain()
"""


@pytest.mark.parametrize("name", ["f", "g"])
@pytest.mark.parametrize(
    "claim",
    [
        "{0}() == 42",
        "42 == {0}()",
        "not {0}() != 42",
        "not 42 != {0}()",
        "[{0}()] == [42]",
        "{{1: {0}()}} == {{1: 42}}",
        "42 in [{0}()]",
        "{0}() in {{42: 1}}",
        "{0}() < 43",
        "43 > {0}()",
        "{0}() >= 42",
        "42 in {0}()",
        "abs({0}() - 42) < 1e-6",
        "round(42 - {0}()) == 0",
        "int({0}() - 42) == 0",
        "not ({0}() - 42)",
        "math.isclose({0}() - 42, 0)",
        "{0}() - [42] == 0",
        "isinstance({0}(), int)",
        "isinstance({0}(), (list, str, dict))",
        "type({0}()) is int",
    ],
)
def test_an_object_that_agrees_with_everything_proves_nothing(name: str, claim: str) -> None:
    end = judge(ALWAYS, f"import math\nassert {claim.format(name)}")
    assert end.exit_code == 1


def test_arguments_changed_in_place_are_changed_in_the_tests() -> None:
    code = """
def sort(items): items.sort()
def same(items): items.append(1); return items
def deep(table): table["k"][0].append(5); table["new"] = [1]; del table["old"]
def grow(items, data, names): items.add(2); data.extend(b"y"); names.clear()
def fail(items): items.append(1); raise ValueError
def leave(items): return len(items)
def swap(items): items[0], items[1] = items[1], items[0]
"""
    tests = """
items = [3, 1, 2]
sort(items)
assert items == [1, 2, 3] and same(items) is items and items == [1, 2, 3, 1]
inner = [1]
table = {"k": (inner,), "old": 0}
deep(table)
assert table == {"k": ([1, 5],), "new": [1]} and table["k"][0] is inner == [1, 5]
a, b, c = {1}, bytearray(b"x"), {"n": 1}
grow(a, b, names=c)
assert (a, b, c) == ({1, 2}, bytearray(b"xy"), {})
items = []
try:
    fail(items)
except ValueError:
    assert items == [1]
one, two = [1], [2]
items = [one, two]
swap(items)
assert items[0] is two and items[1] is one
kept = [[1], "a" * 3]
before = [id(item) for item in kept]
assert leave(kept) == 2 and [id(item) for item in kept] == before
loop = []
loop.append(loop)
sort(loop)
assert loop[0] is loop
"""
    assert_holds(code, tests)


def test_objects_of_the_tests_are_reached_by_their_public_attributes_and_keep_their_identity() -> None:
    code = """
def has_cycle(node):
    slow = fast = node
    while fast is not None and fast.next is not None:
        slow, fast = slow.next, fast.next.next
        if slow is fast:
            return True
    return False
def reverse(node):
    previous = None
    while node:
        node.next, previous, node = previous, node, node.next
    return previous
def bump(node): node.value += 1; node.tags = [1]; return node.times(3)
def hidden(node): return [hasattr(node, name) for name in ("_secret", "__dict__", "missing")]
def is_same(a, b): return a is b and a == b and len({a, b}) == 1
def identity(it): return it
def total(items): return sum(item for item in items)
"""
    tests = """
class Node:
    def __init__(self, value, next=None): self.value, self.next, self._secret = value, next, 1
    def times(self, factor): return self.value * factor
last = Node(1)
first = Node(3, Node(2, last))
assert not has_cycle(first)
last.next = first
assert has_cycle(first)
last.next = None
assert reverse(first) is last and last.next.next is first and first.next is None
node = Node(1)
assert bump(node) == 6 and node.value == 2 and node.tags == [1]
assert hidden(node) == [False, False, False]
assert is_same(node, node) and identity(node) is node and identity({"a": [node]})["a"][0] is node
assert total(n for n in range(4)) == 6 and total(iter([1, 2])) == 3 and total({1: 2}.keys()) == 1
"""
    assert_holds(code, tests)


def test_functions_of_the_tests_are_called_back_and_their_exceptions_come_home() -> None:
    code = """
import functools
def apply(f, *args, **kwargs): return f(*args, **kwargs)
def decorate(f):
    @functools.wraps(f)
    def wrapper(*args): return f(*args) + 1
    return wrapper
def compose(*functions): return lambda x: functools.reduce(lambda value, f: f(value), functions, x)
def call(f, n): return f(n)
def guarded(f):
    try: f()
    except ValueError as error: return str(error)
"""
    tests = """
class Mine(Exception): pass
mine = Mine("mine")
def boom(): raise mine
def value_error(): raise ValueError("no")
assert apply(lambda a, b=1: a + b, 1, b=2) == 3 and apply(sorted, [3, 1], key=lambda x: -x) == [3, 1]
try:
    apply(boom)
except Mine as error:
    assert error is mine
else:
    raise AssertionError
assert guarded(value_error) == "no"
@decorate
def one(x): return x
assert one(1) == 2 and one.__name__ == "one" and compose(lambda x: x + 1, str)(1) == "2"
def factorial(n): return 1 if n == 0 else n * call(factorial, n - 1)
assert factorial(20) == 2432902008176640000
assert apply(Mine, "x").args == ("x",)
"""
    assert_holds(code, tests)


def test_exceptions_are_raised_as_the_nearest_builtin_or_as_the_offered_class() -> None:
    code = """
import json
class MyError(ValueError):
    def __init__(self, message, code): super().__init__(message); self.code = code
class Narrow(MyError): pass
class Odd(KeyError):
    def __str__(self): return "odd"
def bad(): raise Narrow("bad", 9)
def odd(): raise Odd("k")
def key(): raise KeyError("k")
def parse(): json.loads("{")
def missing(): open("/nonexistent/file")
def refuse(): assert False, "inner"
def stop(): raise StopIteration(3)
"""
    tests = """
import json
def raised(kind, f):
    try:
        f()
    except kind as error:
        return error
    raise AssertionError
error = raised(MyError, bad)
assert str(error) == "bad" and error.code == 9 and type(error) is Narrow and isinstance(error, ValueError)
assert str(raised(Odd, odd)) == "odd" and raised(LookupError, odd).args == ("k",)
assert raised(KeyError, key).args == ("k",) and str(raised(AssertionError, refuse)) == "inner"
assert type(raised(json.JSONDecodeError, parse)) is json.JSONDecodeError
assert raised(FileNotFoundError, missing).errno == 2
assert raised(StopIteration, stop).value == 3
"""
    assert_holds(code, tests)


@pytest.mark.parametrize("end", ["raise SystemExit(0)", "raise KeyboardInterrupt", "raise GeneratorExit"])
def test_a_candidate_can_not_end_the_tests(end: str) -> None:
    code = f"def f(): {end}"
    assert "RemoteFailedError" in judge(code, "f()").stderr
    assert not judge(code, "try:\n    f()\nexcept Exception:\n    pass").is_passed
    assert not judge(code, "try:\n    f()\nexcept SystemExit:\n    pass").is_passed


def test_a_candidate_that_goes_away_fails_even_where_a_test_swallows_that() -> None:
    code = "def f():\n    import os\n    os._exit(0)"
    assert "it ended in a call" in judge(code, "f()").stderr
    assert not judge(code, "try:\n    f()\nexcept BaseException:\n    pass").is_passed


def test_generators_and_coroutines_run_in_the_candidate() -> None:
    code = """
import asyncio
def count(n):
    for i in range(n):
        got = yield i
        if got: yield got
async def later(x):
    await asyncio.sleep(0)
    if x < 0: raise ValueError(x)
    return x + 1
async def several():
    yield 1
    yield 2
class Session:
    async def __aenter__(self): return self
    async def __aexit__(self, *rest): self.is_closed = True
"""
    tests = """
import asyncio, types
counter = count(3)
assert isinstance(counter, types.GeneratorType) and next(counter) == 0 and counter.send(7) == 7
assert list(counter) == [1, 2] and list(count(2)) == [0, 1]
async def main():
    session = Session()
    async with session:
        assert [item async for item in several()] == [1, 2]
    assert session.is_closed
    try:
        await later(-1)
    except ValueError:
        return await asyncio.gather(later(1), later(2))
assert asyncio.run(main()) == [2, 3] and asyncio.run(later(1)) == 2
"""
    assert_holds(code, tests)


def test_output_is_captured_where_the_tests_capture() -> None:
    tests = """
import contextlib, io
text = io.StringIO()
with contextlib.redirect_stdout(text):
    greet("you")
assert text.getvalue() == "hello you\\n"
"""
    assert_holds("def greet(name): print('hello', name)", tests)


def test_offered_names_do_not_replace_what_a_test_relies_on() -> None:
    code = """
import math, os
from math import isclose
def len(x): return 3
def load_tests(loader, tests, pattern): return tests
isinstance = lambda *args: True
alias = os
pow = lambda a, b: "mine"
"""
    tests = """
import builtins
assert len is builtins.len and isinstance is builtins.isinstance and pow(2, 3) == "mine"
assert "load_tests" not in globals() and "alias" not in globals()
assert math.pi > 3 and isclose is math.isclose and os.path.sep == "/"
"""
    assert_holds(code, tests, entries=("pow",))


@pytest.mark.parametrize(
    "body",
    [
        "send('offer', [['f', ['k', 'os._exit']]])",
        "send('offer', [['f', ['k', 'builtins.exec']]])",
        "send('offer', [['f', ['module', 'ctypes']]])",
        "send('offer', [['__builtins__', ['d', []]]])",
        "send('offer', [['f', ['o', 1, 2, None]]]); receive()",
        "send('offer', 7)",
        "send('unheard of')",
        "send()",
        "os.write(job['write_fd'], b'garbage that is no frame')",
        "os.write(job['write_fd'], b'\\0\\0\\0\\2{}')",
        "os.write(job['write_fd'], b'\\0\\0\\0\\3[1.')",
        "os.write(job['write_fd'], b'\\x7f\\xff\\xff\\xff' + b'x' * 1000)",
        "os.write(job['write_fd'], struct.pack('>I', 60000) + b'[' * 60000)",
        "os.close(job['write_fd'])",
        "pass",
    ],
)
def test_a_hostile_beginning_fails(body: str) -> None:
    end = judge(body, "assert True", program=HOSTILE)
    assert "RemoteFailedError" in end.stderr
    assert end.exit_code == 1


REPLY = "number = offer()[1]; send('return', number, {}, [], '', [])"


@pytest.mark.parametrize(
    "tree",
    [
        "['unheard', 1]",
        "['l']",
        "['f', 'x']",
        "['f', 1.5]",
        "1.5",
        "{'a': 1}",
        "[[], []]",
        "[]",
        "['i', '0x' + 'z']",
        "['decimal', '1' * 20000]",
        "['=', 0, ['d', [[['=', 1, ['l', []]], 1]]]]",
        "['=', 0, ['l', 7]]",
        "['~', 5]",
        "['@', 99, None]",
        "['r', 99]",
        "['r', []]",
        "['o', 'x', 2, None]",
        "['o', 5, 99, None]",
        "['k', 'os.system']",
        "['k', 'builtins.eval']",
        "['k', 'random._os']",
        "['e', 9, ['k', 'int'], [], '']",
        "json.loads('[\"t\",[' * 300 + '1' + ']]' * 300)",
    ],
)
def test_a_reply_of_another_form_fails(tree: str) -> None:
    end = judge(REPLY.format(tree), "try:\n    f()\nexcept Exception:\n    pass", program=HOSTILE)
    assert end.exit_code == 1
    assert "RemoteFailedError" in end.stderr


@pytest.mark.parametrize(
    "body",
    [
        "number = offer()[1]; send('return', number, 1, [], '', []); send('return', number, 1, [], '', [])",
        "number = offer()[1]; send('return', number + 1, 1, [], '', [])",
        "number = offer()[1]; send('return', True, 1, [], '', [])",
        "number = offer()[1]; send('raise', number, 1, [], '', [])",
        "number = offer()[1]; send('return', number, 1, [['@', 7, ['l', []]]], '', [])",
        "number = offer()[1]; send('return', number, 1, [], 'text that nobody captures', [])",
        "number = offer()[1]; send('return', number, 1, [], '', [[]])",
        "number = offer()[1]; send('return', number)",
        "offer(); os.close(job['write_fd'])",
        "offer(); os.write(job['write_fd'], struct.pack('>I', 100) + b'[')",
    ],
)
def test_a_broken_conversation_fails(body: str) -> None:
    end = judge(body, "f(); f()", program=HOSTILE)
    assert end.exit_code == 1
    assert "RemoteFailedError" in end.stderr


@pytest.mark.parametrize(
    ("verb", "name"),
    [
        ("get", "__globals__"),
        ("get", "__class__"),
        ("get", "_secret"),
        ("get", "__dict__"),
        ("set", "__class__"),
        ("set", "_secret"),
        ("special", "__getattribute__"),
        ("special", "__init_subclass__"),
        ("special", "__reduce__"),
        ("unheard", "f_back"),
        ("payload", ""),
    ],
)
@pytest.mark.parametrize("argument", ["function", "node", "(n for n in [1])"])
def test_a_request_that_no_honest_candidate_makes_fails(verb: str, name: str, argument: str) -> None:
    body = f"""
tree = offer()[5][0]
handle = tree[1]
send("ask", 1, {verb!r}, handle, {name!r}, ["x"] if {verb!r} == "set" else [], [], [False, False], [])
reply = receive()
send("return", 2, 1, [], "", [])
"""
    tests = f"""
class Node: _secret = "secret"
node = Node()
def function(): pass
try:
    f({argument})
except Exception:
    pass
"""
    end = judge(body, tests, program=HOSTILE)
    assert end.exit_code == 1
    assert "RemoteFailedError" in end.stderr


@pytest.mark.parametrize(
    ("argument", "verb", "name"),
    [
        ("function", "get", "public"),
        ("function", "set", "public"),
        ("Node", "get", "value"),
        ("Node", "set", "method"),
        ("node", "set", "method"),
        ("generator", "get", "gi_frame"),
        ("case", "get", "outcome"),
        ("case", "set", "outcome"),
        ("iterator", "special", "__setitem__"),
    ],
)
def test_what_the_tests_do_not_hand_out_is_refused(argument: str, verb: str, name: str) -> None:
    body = f"""
ask = offer()
handle = ask[5][0][1]
send("ask", 1, {verb!r}, handle, {name!r}, ["x"] if {verb!r} != "get" else [], [], [False, False], [])
reply = receive()
send("return", ask[1], reply[0], [], "", [])
"""
    tests = f"""
import unittest
class Node:
    value = 1
    def method(self): return 1
class Case(unittest.TestCase): outcome = 1
def function(): pass
function.public = 1
node, case, generator, iterator = Node(), Case(), (n for n in [1]), iter([1])
assert f({argument}) == "raise"
assert Node.value == 1 and node.method() == 1 and function.public == 1 and case.outcome == 1
"""
    end = judge(body, tests, program=HOSTILE)
    assert end.is_passed, end.stderr


def test_handles_that_were_not_passed_are_unknown() -> None:
    for handle in ("99", "tree[2]", "0", "-1"):
        body = f"tree = offer()[5][0]\nsend('ask', 1, 'call', {handle}, '', [], [], [False, False], [])\nreceive()"
        tests = "class Node: pass\ntry:\n    f(Node())\nexcept Exception:\n    pass"
        end = judge(body, tests, program=HOSTILE)
        assert end.exit_code == 1
        assert "an unknown handle" in end.stderr


def test_a_flood_of_nested_requests_fails() -> None:
    body = """
tree = offer()[5][0]
while True:
    send("ask", 1, "call", tree[1], "", [["o", 1, 2, None]], [], [False, False], [])
    receive()
"""
    end = judge(body, "def again(g): return g(again)\nf(again)", program=HOSTILE)
    assert end.exit_code == 1
    assert "nested too deep" in end.stderr


JAVASCRIPT_THAT_HOLDS = {
    "a value": ("const f = (x) => x + 1", "check(f(1) === 2)"),
    "every kind of value": (
        """
const values = () =>
  [undefined, null, NaN, -0, 2n ** 70n, 1.5, new Map([[1, {a: 1}]]), new Set([1]), /a/g, {}, [[]], new Date(5)]
""",
        """
require("assert").deepStrictEqual(values(),
  [undefined, null, NaN, -0, 2n ** 70n, 1.5, new Map([[1, {a: 1}]]), new Set([1]), /a/g, {}, [[]], new Date(5)])
""",
    ),
    "arguments changed in place": (
        """
function sort(a) { a.sort(); return a }
function put(o, m) { o.x.push(1); delete o.y; m.set(1, 2) }
""",
        """
const a = [2, 1], x = [], o = {x, y: 1}, m = new Map()
check(sort(a) === a && a[0] === 1)
put(o, m)
check(o.x === x && x[0] === 1 && !("y" in o) && m.get(1) === 2)
""",
    ),
    "classes": (
        """
class A {
  constructor(n) { this.n = n }
  add(k) { this.n += k; return this }
  static of() { return new B(1) }
}
class B extends A { get double() { return this.n * 2 } }
""",
        """
const b = A.of()
check(b instanceof B && b instanceof A && b.add(2) === b && b.n === 3 && b.double === 6)
b.n = 5
check(b.double === 10 && b.constructor === B && Object.keys(b).join() === "n")
check(JSON.stringify(new A(1)) === '{"n":1}' && new A(1).constructor.name === "A")
""",
    ),
    "exceptions": (
        """
class E extends TypeError { constructor(m) { super(m); this.code = 7 } }
function f(k) { if (k) throw new E("bad"); throw new RangeError("r") }
function g() { throw "text" }
""",
        """
const caught = (h) => { try { h() } catch (e) { return e } throw new Error("nothing is thrown") }
const e = caught(() => f(1))
check(e instanceof E && e instanceof TypeError && e.message === "bad" && e.code === 7)
check(caught(() => f(0)).constructor === RangeError && caught(g) === "text")
require("assert").throws(() => f(0), RangeError)
""",
    ),
    "callbacks": (
        """
const apply = (f, ...a) => f(...a)
const same = (x) => x
const memo = (f) => { const m = {}; return (x) => m[x] ??= f(x) }
""",
        """
const g = () => 1, mine = new Error("mine")
let n = 0
const h = memo((x) => { n += 1; return x * 2 })
check(apply((a, b) => a + b, 1, 2) === 3 && same(g) === g && h(2) === 4 && h(2) === 4 && n === 1)
try { apply(() => { throw mine }); n = 9 } catch (e) { check(e === mine) }
check(n === 1)
""",
    ),
    "objects of the tests": (
        """
function cycle(n) {
  let a = n, b = n
  while (b && b.next) { a = a.next; b = b.next.next; if (a === b) return true }
  return false
}
""",
        """
class Node { constructor(v, next) { this.v = v; this.next = next } }
const end = new Node(1, null), start = new Node(0, end)
check(!cycle(start))
end.next = start
check(cycle(start))
""",
    ),
    "generators": ("function* gen() { yield 1; yield 2 }", "check([...gen()].join() === '1,2')"),
    "promises and timers": (
        """
const wait = (ms) => new Promise((r) => setTimeout(r, ms))
async function f(x) { await wait(5); if (!x) throw new RangeError("no"); return x }
const each = async (g) => (await g(1)) + 1
const debounce = (g, ms) => { let t; return () => { clearTimeout(t); t = setTimeout(g, ms) } }
""",
        """
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
(async () => {
  check((await f(1)) === 1 && (await Promise.all([f(2), f(3)])).join() === "2,3")
  check((await f(0).catch((e) => e)) instanceof RangeError)
  check((await each(async (x) => { await sleep(5); return x })) === 2)
  let n = 0
  const d = debounce(() => { n += 1 }, 5)
  d()
  d()
  await sleep(60)
  check(n === 1)
})()
""",
    ),
    "a timer that outlives the tests": (
        "const later = (f) => { setTimeout(() => f(1), 30) }",
        "later((x) => { check(x === 1); process.exitCode = 0 }); process.exitCode = 1",
    ),
    "exports": ("module.exports = { f: () => 3 }", "check(f() === 3)"),
}


@needs_node
@pytest.mark.parametrize("name", JAVASCRIPT_THAT_HOLDS)
def test_javascript_that_holds_passes(name: str) -> None:
    code, tests = JAVASCRIPT_THAT_HOLDS[name]
    end = judge_javascript(code, tests, "const check = (c) => { if (!c) throw new Error('assert') };")
    assert end.is_passed, end.stderr


@needs_node
@pytest.mark.parametrize(
    ("code", "tests"),
    [
        ("const f = () => 2", "check(f() === 1)"),
        ("const f = (", "check(true)"),
        ("throw new Error('load')", "check(true)"),
        ("process.exit(0)", "check(true)"),
        ("const f = () => process.exit(0)", "try { f() } catch {}"),
        ("const f = async () => { throw new Error('x') }", "f()"),
        ("const f = async () => 2", "f().then((x) => check(x === 1))"),
        ("const f = (g) => { setTimeout(() => g(2), 30) }", "f((x) => check(x === 1))"),
        ("const f = (g) => {}", "(async () => { check(await new Promise((resolve) => f(resolve))) })()"),
        ("const f = () => ({ valueOf: () => 42, toString: () => '42' })", "check(f() === 42)"),
        ("const f = () => new Proxy([], { get: () => () => true })", "check(Array.isArray(f()))"),
        ("const f = () => new (class X extends Array {})()", "require('assert').deepStrictEqual(f(), [42])"),
        ("Array.prototype.includes = () => true; const f = () => [1]", "check(f().includes(42))"),
        ("var check = () => {}; const f = () => 2", "check(f() === 1)"),
        ("const f = (g) => g.constructor('return process')().exit(0)", "f(() => 1); check(false)"),
        ("const f = () => require('fs').writeSync(Number(process.argv.at(-1)), 'garbage')", "f()"),
        ("const f = () => require('fs').closeSync(Number(process.argv.at(-1)))", "try { f() } catch {}"),
    ],
)
def test_javascript_that_does_not_hold_fails(code: str, tests: str) -> None:
    before = "globalThis.checked = 1; const check_ = 1;"
    check = "const check = (c) => { if (!c) throw new Error('assert') };"
    end = judge_javascript(code, check + tests, before)
    assert end.exit_code == 1, end.stderr


@needs_node
@pytest.mark.parametrize(
    "message",
    [
        ["ask", 1, False, "get", 1, "constructor", [], []],
        ["ask", 1, False, "get", 1, "__proto__", [], []],
        ["ask", 1, False, "get", 99, "x", [], []],
        ["ask", 1, False, "unheard", 1, "x", [], []],
        ["return", 1, ["unheard"], [], []],
        ["return", 99, 1, [], []],
        ["return", 2, ["own", 77], [], []],
        ["return", 2, 1, [["@", 5, ["l", []]]], []],
        ["return", 2, 1, [], [[7, True, 1]]],
        ["throw"],
        7,
    ],
)
def test_hostile_javascript_fails(message: Any) -> None:
    frame = f"JSON.stringify({json.dumps(message)})"
    code = f"""const f = () => {{
  const body = Buffer.from({frame}), head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  require("fs").writeSync(Number(process.argv.at(-1)), Buffer.concat([head, body]));
  for (;;) require("fs").readSync(Number(process.argv.at(-2)), Buffer.alloc(99));
}}"""
    end = judge_javascript(code, "try { f(() => 1) } catch {}")
    assert end.exit_code == 1
    assert "RemoteFailedError" in end.stderr
