# score: 10
import operator
import re

TOKEN = re.compile(
    r"""\s*(?:(?P<number>-?[0-9]+(?:\.[0-9]+)?(?![\w.]))
    |(?P<text>"(?:[^"\\]|\\["'\\])*"|'(?:[^'\\]|\\["'\\])*')
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<sign>==|!=|<=|>=|[<>()\[\],.]))""",
    re.VERBOSE,
)
WORDS = {"and", "or", "not", "in", "true", "false", "{{known}}"}
ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
MISSING = object()


def kind_of(value):
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, (int, float)):
        return "number"
    return "text" if isinstance(value, str) else None


def equal(a, b):
    return kind_of(a) is not None and kind_of(a) == kind_of(b) and a == b


def opposite(truth):
    return None if truth is None else not truth


class Rule:
    """Parses and evaluates at once: both sides of `and` and `or` are always read. None means unknown."""

    def __init__(self, rule, context):
        self.context = context
        self.tokens = []
        position = 0
        rule = rule.rstrip()
        while position < len(rule):
            match = TOKEN.match(rule, position)
            if not match:
                raise ValueError(f"can't read {rule[position:]!r}")
            kind, text = match.lastgroup, match[match.lastgroup]
            self.tokens.append(("word" if text in WORDS else kind, text))
            position = match.end()
        self.tokens.append(("end", ""))

    def next_is(self, *texts):
        kind, text = self.tokens[0]
        return kind in ("word", "sign") and text in texts

    def skip(self, text):
        found = self.next_is(text)
        if found:
            self.tokens.pop(0)
        return found

    def expect(self, text):
        if not self.skip(text):
            raise ValueError(f"{text} expected, found {self.tokens[0][1]!r}")

    def whole(self):
        truth = self.any_of()
        if self.tokens[0][0] != "end":
            raise ValueError(f"unexpected {self.tokens[0][1]!r}")
        return truth

    def any_of(self):
        sides = [self.all_of()]
        while self.skip("or"):
            sides.append(self.all_of())
        return True if True in sides else None if None in sides else False

    def all_of(self):
        sides = [self.negated()]
        while self.skip("and"):
            sides.append(self.negated())
        return False if False in sides else None if None in sides else True

    def negated(self):
        flips = 0
        while self.skip("not"):
            flips += 1
        truth = self.simple()
        return opposite(truth) if flips % 2 else truth

    def simple(self):
        if self.skip("("):
            truth = self.any_of()
            self.expect(")")
            return truth
        if self.skip("{{known}}"):
            self.expect("(")
            value = self.attribute()
            self.expect(")")
            return value is not MISSING
        is_condition = self.tokens[0][0] == "name" or self.next_is("true", "false")
        left = self.operand()
        if self.next_is("==", "!=", *ORDER):
            return self.compared(left, self.tokens.pop(0)[1], self.operand())
        if self.skip("not"):
            self.expect("in")
            return opposite(self.contained(left))
        if self.skip("in"):
            return self.contained(left)
        if not is_condition:
            raise ValueError("a literal is no condition")
        return left if isinstance(left, bool) else None

    def compared(self, left, sign, right):
        kinds = kind_of(left), kind_of(right)
        if None in kinds:
            return None
        if sign in ORDER:
            return ORDER[sign](left, right) if kinds in (("number",) * 2, ("text",) * 2) else None
        return equal(left, right) == (sign == "==")

    def contained(self, left):
        if self.skip("["):
            items = []
            if not self.skip("]"):
                items.append(self.literal())
                while self.skip(","):
                    items.append(self.literal())
                self.expect("]")
        else:
            items = self.attribute()
        if kind_of(left) is None or not isinstance(items, list):
            return None
        return any(equal(left, item) for item in items)

    def operand(self):
        return self.attribute() if self.tokens[0][0] == "name" else self.literal()

    def attribute(self):
        value = self.step(self.context)
        while self.skip("."):
            value = self.step(value)
        return MISSING if value is None else value

    def step(self, value):
        kind, name = self.tokens.pop(0)
        if kind != "name":
            raise ValueError(f"a name expected, found {name!r}")
        return value.get(name, MISSING) if isinstance(value, dict) else MISSING

    def literal(self):
        kind, text = self.tokens.pop(0)
        if kind == "number":
            return float(text) if "." in text else int(text)
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", text[1:-1])
        if kind == "word" and text in ("true", "false"):
            return text == "true"
        raise ValueError(f"a value expected, found {text!r}")


def flag_is_on(rule: str, context: dict) -> bool:
    return Rule(rule, context).whole() is True
