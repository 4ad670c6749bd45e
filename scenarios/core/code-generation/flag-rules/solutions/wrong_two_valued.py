# score: 3.5 - two-valued: a missing attribute makes a comparison false and its opposite true
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
        if self.accept("("):
            tree = self.disjunction()
            self.expect(")")
            return tree
        if self.accept("{{known}}"):
            self.expect("(")
            kind, path = self.take()
            if kind != "id":
                raise ValueError("attribute expected")
            self.expect(")")
            return ("known", path)
        left = self.operand()
        sign = self.accept("==", "!=", "<", "<=", ">", ">=", "in", "not")
        if sign == "not":
            self.expect("in")
            return ("not", ("in", left, self.operand()))
        return (sign, left, self.operand()) if sign else ("truth", left)

    def operand(self):
        kind, text = self.take()
        if kind == "num":
            return ("value", float(text))
        if kind == "str":
            return ("value", re.sub(r"\\(.)", r"\1", text[1:-1]))
        if text in ("true", "false") and kind == "kw":
            return ("value", text == "true")
        if kind == "id":
            return ("path", text)
        if text == "[" and kind == "op":
            items = []
            while not self.accept("]"):
                items.append(self.operand()[1])
                if not self.accept(","):
                    self.expect("]")
                    break
            return ("value", items)
        raise ValueError(f"unexpected {text!r}")


def flag_is_on(rule: str, context: dict) -> bool:
    def lookup(path):
        value = context
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        return value

    def of(operand):
        return lookup(operand[1]) if operand[0] == "path" else operand[1]

    def same(a, b):
        return isinstance(a, bool) == isinstance(b, bool) and a == b

    def evaluate(tree):
        sign = tree[0]
        if sign == "or":
            return evaluate(tree[1]) or evaluate(tree[2])
        if sign == "and":
            return evaluate(tree[1]) and evaluate(tree[2])
        if sign == "not":
            return not evaluate(tree[1])
        if sign == "known":
            return lookup(tree[1]) is not None
        if sign == "truth":
            return of(tree[1]) is True
        a, b = of(tree[1]), of(tree[2])
        if a is None or b is None:
            return False
        if sign == "in":
            return isinstance(b, list) and any(same(a, item) for item in b)
        if sign == "==":
            return same(a, b)
        if sign == "!=":
            return not same(a, b)
        if isinstance(a, bool) or isinstance(b, bool) or isinstance(a, str) != isinstance(b, str):
            return False
        try:
            return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[sign]
        except TypeError:
            return False

    return evaluate(Parser(rule).parse())
