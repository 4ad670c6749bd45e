# score: 2 - walks Python's own syntax tree, with Python's truth, Python's equality and Python's errors
import ast
import operator

OPERATORS = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
}


def flag_is_on(rule: str, context: dict) -> bool:
    def value(node):
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -value(node.operand)
        if isinstance(node, ast.Name):
            return {"true": True, "false": False}.get(node.id, context.get(node.id))
        if isinstance(node, ast.Attribute):
            owner = value(node.value)
            return owner.get(node.attr) if isinstance(owner, dict) else None
        if isinstance(node, ast.List):
            return [value(item) for item in node.elts]
        if isinstance(node, ast.BoolOp):
            sides = [value(item) for item in node.values]
            return all(sides) if isinstance(node.op, ast.And) else any(sides)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return not value(node.operand)
        if isinstance(node, ast.Compare):
            left = value(node.left)
            for sign, item in zip(node.ops, node.comparators):
                right = value(item)
                try:
                    if not OPERATORS[type(sign)](left, right):
                        return False
                except TypeError:
                    return False
                left = right
            return True
        if isinstance(node, ast.Call) and node.func.id == "{{known}}":
            return value(node.args[0]) is not None
        raise ValueError(f"not allowed: {ast.dump(node)}")

    try:
        tree = ast.parse(rule.strip(), mode="eval")
    except SyntaxError as error:
        raise ValueError(str(error)) from error
    return bool(value(tree.body))
