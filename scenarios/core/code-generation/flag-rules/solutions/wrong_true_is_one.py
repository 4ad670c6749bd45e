# score: 7 - knows unknown, but true equals 1, lists are looked for in lists, and the grammar is lenient
import re

TOKENS = re.compile(
    r"""\s+|(?P<num>-?\d+(?:\.\d+)?)|(?P<str>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
    r"""|(?P<op>==|!=|<=|>=|<|>|\(|\)|\[|\]|,)|(?P<id>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)"""
)
KEYWORDS = {"and", "or", "not", "in", "true", "false", "{{known}}"}


def tokenize(rule):
    tokens, position = [], 0
    while position < len(rule):
        match = TOKENS.match(rule, position)
        if match is None:
            raise ValueError(f"unexpected character {rule[position]!r} at {position}")
        position = match.end()
        if match.lastgroup:
            text = match.group()
            kind = "kw" if match.lastgroup == "id" and text in KEYWORDS else match.lastgroup
            tokens.append((kind, text))
    return tokens


class Parser:
    def __init__(self, rule):
        self.tokens = tokenize(rule)
        self.i = 0

    def peek(self):
        return self.tokens[self.i] if self.i < len(self.tokens) else ("end", "")

    def take(self):
        token = self.peek()
        self.i += 1
        return token

    def accept(self, *texts):
        if self.peek()[0] in ("kw", "op") and self.peek()[1] in texts:
            return self.take()[1]
        return None

    def expect(self, text):
        if not self.accept(text):
            raise ValueError(f"expected {text}")

    def parse(self):
        tree = self.disjunction()
        if self.peek()[0] != "end":
            raise ValueError("trailing input")
        return tree

    def disjunction(self):
        tree = self.conjunction()
        while self.accept("or"):
            tree = ("or", tree, self.conjunction())
        return tree

    def conjunction(self):
        tree = self.negation()
        while self.accept("and"):
            tree = ("and", tree, self.negation())
        return tree

    def negation(self):
        if self.accept("not"):
            return ("not", self.negation())
        return self.comparison()

    def comparison(self):
        if self.accept("{{known}}"):
            self.expect("(")
            path = self.operand()
            self.expect(")")
            return ("known", path)
        left = self.operand()
        sign = self.accept("==", "!=", "<", "<=", ">", ">=", "in", "not")
        if sign == "not":
            self.expect("in")
            sign = "not in"
        return (sign, left, self.operand()) if sign else left

    def operand(self):
        if self.accept("("):
            tree = self.disjunction()
            self.expect(")")
            return tree
        if self.accept("["):
            items = []
            if not self.accept("]"):
                items.append(self.operand())
                while self.accept(","):
                    items.append(self.operand())
                self.expect("]")
            return ("list", items)
        kind, text = self.take()
        if kind == "id":
            return ("path", text.split("."))
        if kind == "num":
            return ("value", float(text) if "." in text else int(text))
        if kind == "str":
            return ("value", re.sub(r"\\(.)", r"\1", text[1:-1]))
        if text in ("true", "false"):
            return ("value", text == "true")
        raise ValueError(f"unexpected {text!r}")


def evaluate(tree, context):
    """True, False, a plain value, or None for unknown."""
    kind = tree[0]
    if kind == "value":
        return tree[1]
    if kind == "list":
        return [evaluate(item, context) for item in tree[1]]
    if kind == "path":
        value = context
        for name in tree[1]:
            if not isinstance(value, dict):
                return None
            value = value.get(name)
        return value
    if kind == "known":
        return evaluate(tree[1], context) is not None
    if kind == "not":
        inner = condition(tree[1], context)
        return None if inner is None else not inner
    if kind in ("and", "or"):
        decisive = kind == "or"
        sides = [condition(side, context) for side in tree[1:]]
        if decisive in sides:
            return decisive
        return None if None in sides else not decisive
    left, right = evaluate(tree[1], context), evaluate(tree[2], context)
    if left is None or right is None:
        return None
    if kind in ("in", "not in"):
        if not isinstance(right, list):
            return None
        return (left in right) == (kind == "in")
    if kind in ("==", "!="):
        if isinstance(left, (list, dict)) or isinstance(right, (list, dict)):
            return None
        return (left == right) == (kind == "==")
    both_text = isinstance(left, str) and isinstance(right, str)
    both_number = all(isinstance(side, (int, float)) and not isinstance(side, bool) for side in (left, right))
    if not both_text and not both_number:
        return None
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[kind]


def condition(tree, context):
    value = evaluate(tree, context)
    return value if isinstance(value, bool) else None


def flag_is_on(rule: str, context: dict) -> bool:
    return condition(Parser(rule).parse(), context) is True
